export function loaded(): Buffer
