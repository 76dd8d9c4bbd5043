// The search over the course.
export function openSearch(): void {}
