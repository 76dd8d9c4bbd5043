export function loaderIn(filename: string): NodeJS.Require
