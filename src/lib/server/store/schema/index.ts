export * from './access';
export * from './case';
export * from './constituent';
export * from './fetch';
export * from './indicator';
export * from './log';
export * from './reference';
export * from './report';
