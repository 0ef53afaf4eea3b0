/** The eight shapes, each with one meaning: see UI.md, States. */
export type StatusShapeName = 'connected' | 'found' | 'connecting' | 'late' | 'trouble' | 'broken' | 'off' | 'learning';
