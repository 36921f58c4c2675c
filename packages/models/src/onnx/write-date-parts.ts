import type { DatePart } from '../steps/date-parts.ts';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import { elementTypes, longTensor } from './onnx-tensor.ts';
import { writeCastToDouble } from './write-cast-node.ts';
import { writeIsNull } from './write-number-nodes.ts';

/** Writes arithmetic on 64-bit integers of shape [N]. */
class LongNodes {
  readonly graph: OnnxGraph;

  constructor(graph: OnnxGraph) {
    this.graph = graph;
  }

  add(a: TensorName, b: TensorName | number): TensorName {
    return this.#write('Add', a, b);
  }
  subtract(a: TensorName, b: TensorName | number): TensorName {
    return this.#write('Sub', a, b);
  }
  multiply(a: TensorName, b: number): TensorName {
    return this.#write('Mul', a, b);
  }
  /** Rounds towards zero: for exact multiples, and numbers that are not negative. */
  divide(a: TensorName, b: number): TensorName {
    return this.#write('Div', a, b);
  }
  /** Has the sign of the divisor. */
  remainder(a: TensorName, b: number): TensorName {
    return this.#write('Mod', a, b);
  }
  isLess(a: TensorName, b: number): TensorName {
    return this.#write('Less', a, b);
  }
  isZero(a: TensorName): TensorName {
    return this.#write('Equal', a, 0);
  }
  choose(condition: TensorName, yes: TensorName, no: TensorName): TensorName {
    return this.graph.addNode({ operator: 'Where', inputs: [condition, yes, no] });
  }
  constant(value: number): TensorName {
    return this.graph.addConstant(longTensor([value]));
  }

  #write(operator: string, a: TensorName, b: TensorName | number): TensorName {
    return this.graph.addNode({ operator, inputs: [a, typeof b === 'number' ? this.constant(b) : b] });
  }
}

/** The parts of a time, as doubles of shape [N]; NULL stays NULL. The arithmetic of `datePartOf`, on integers. */
export function writeDateParts(graph: OnnxGraph, time: TensorName, parts: readonly DatePart[]): TensorName[] {
  const isNull = writeIsNull(graph, { tensor: time });
  const known = graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(0), time] });
  const micros = graph.addNode({
    operator: 'Cast',
    inputs: [known],
    attributes: { to: { integer: elementTypes.long } },
  });
  const nodes = new LongNodes(graph);
  const ofDay = nodes.remainder(micros, 86_400_000_000);
  const days = nodes.divide(nodes.subtract(micros, ofDay), 86_400_000_000);
  return parts.map((part) => {
    const value = writeCastToDouble(graph, writePart(nodes, part, { days, ofDay }));
    return graph.addNode({ operator: 'Where', inputs: [isNull, graph.addScalar(NaN), value] });
  });
}

function writePart(
  nodes: LongNodes,
  part: DatePart,
  { days, ofDay }: { readonly days: TensorName; readonly ofDay: TensorName },
): TensorName {
  switch (part) {
    case 'hour':
      return nodes.divide(ofDay, 3_600_000_000);
    case 'minute':
      return nodes.divide(nodes.remainder(ofDay, 3_600_000_000), 60_000_000);
    case 'weekday':
      return nodes.remainder(nodes.add(days, 3), 7);
    default:
      return writeCalendarPart(nodes, part, days);
  }
}

/** Days from March 1st of a year 0, as in `calendarOf`. */
function writeCalendarPart(
  nodes: LongNodes,
  part: 'year' | 'month' | 'dayOfMonth' | 'dayOfYear',
  days: TensorName,
): TensorName {
  const shifted = nodes.add(days, 719_468);
  const ofEra = nodes.remainder(shifted, 146_097);
  const era = nodes.divide(nodes.subtract(shifted, ofEra), 146_097);
  const leaps = nodes.subtract(
    nodes.add(nodes.subtract(ofEra, nodes.divide(ofEra, 1_460)), nodes.divide(ofEra, 36_524)),
    nodes.divide(ofEra, 146_096),
  );
  const yearOfEra = nodes.divide(leaps, 365);
  const before = nodes.subtract(
    nodes.add(nodes.multiply(yearOfEra, 365), nodes.divide(yearOfEra, 4)),
    nodes.divide(yearOfEra, 100),
  );
  const ofYear = nodes.subtract(ofEra, before);
  const monthFromMarch = nodes.divide(nodes.add(nodes.multiply(ofYear, 5), 2), 153);
  const isBeforeJanuary = nodes.isLess(monthFromMarch, 10);
  const one = nodes.constant(1);
  const zero = nodes.constant(0);
  const year = nodes.add(
    nodes.add(yearOfEra, nodes.multiply(era, 400)),
    nodes.choose(isBeforeJanuary, zero, one),
  );
  switch (part) {
    case 'year':
      return year;
    case 'month':
      return nodes.choose(isBeforeJanuary, nodes.add(monthFromMarch, 3), nodes.subtract(monthFromMarch, 9));
    case 'dayOfMonth': {
      const ofMonths = nodes.divide(nodes.add(nodes.multiply(monthFromMarch, 153), 2), 5);
      return nodes.add(nodes.subtract(ofYear, ofMonths), 1);
    }
    case 'dayOfYear': {
      const isFourth = nodes.isZero(nodes.remainder(year, 4));
      const isHundredth = nodes.isZero(nodes.remainder(year, 100));
      const isFourHundredth = nodes.isZero(nodes.remainder(year, 400));
      const leapDay = nodes.choose(
        isFourHundredth,
        one,
        nodes.choose(isHundredth, zero, nodes.choose(isFourth, one, zero)),
      );
      const fromMarch = nodes.add(nodes.add(ofYear, 60), leapDay);
      return nodes.choose(isBeforeJanuary, fromMarch, nodes.subtract(ofYear, 305));
    }
  }
}
