import type { EventEmitter } from 'node:events';
import { SlipwayError } from '@slipway/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Counts the requests that are being answered. */
export interface Admission {
  /**
   * Takes a place until the answer is out or its client is gone: who goes away gives the place back.
   * @throws SlipwayError `overloaded` when every place is taken
   */
  enter(request: FastifyRequest, reply: FastifyReply): void;
  readonly inFlight: number;
}

type Leave = () => void;

export function createAdmission(maxInFlight: number): Admission {
  let inFlight = 0;
  const bySocket = new WeakMap<EventEmitter, Set<Leave>>();

  /** A response that waits behind another on its connection does not hear that the connection has ended. */
  function placesOf(socket: EventEmitter): Set<Leave> {
    const known = bySocket.get(socket);
    if (known !== undefined) return known;
    const places = new Set<Leave>();
    bySocket.set(socket, places);
    socket.once('close', () => [...places].forEach((leave) => leave()));
    return places;
  }

  return {
    enter({ raw: { socket } }, { raw: response }) {
      if (inFlight >= maxInFlight) {
        throw new SlipwayError('overloaded', {
          what: `${maxInFlight} requests are being answered already`,
          next: 'Send it again in a moment',
          isRetryable: true,
        });
      }
      const places = placesOf(socket);
      const leave: Leave = () => {
        if (places.delete(leave)) inFlight -= 1;
      };
      inFlight += 1;
      places.add(leave);
      response.once('close', leave);
    },
    get inFlight() {
      return inFlight;
    },
  };
}
