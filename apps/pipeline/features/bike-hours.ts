import { defineFeatureTable } from '@slipway/features';

export default defineFeatureTable({
  name: 'bike_hours',
  owner: 'demand',
  description:
    'Rentals of Capital Bikeshare, Washington DC, by hour, with calendar and weather. Local wall-clock time, labelled UTC.',
  entityKey: ['system'],
  eventTime: 'hour_start',
  columns: {
    system: { type: 'string' },
    hour_start: { type: 'datetime' },
    date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    month: { type: 'long', range: [1, 12] },
    weekday: { type: 'long', range: [0, 6], description: '0 is Sunday' },
    hour: { type: 'long', range: [0, 23] },
    holiday: { type: 'boolean' },
    workingday: { type: 'boolean' },
    weather: { type: 'string', enum: ['clear', 'cloudy', 'light rain', 'heavy rain'] },
    temperature: { type: 'double', range: [-30, 50], unit: '°C' },
    feels_like: { type: 'double', range: [-40, 60], unit: '°C' },
    humidity: { type: 'double', range: [0, 100], unit: '%' },
    wind: { type: 'double', range: [0, 150], unit: 'km/h' },
    rentals: { type: 'long', range: [0, 100000], unit: 'bikes' },
  },
});
