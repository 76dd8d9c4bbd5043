// The order in which Jest runs the suites of a grading: that of the jobs, so that lessons are graded in the order of the course.
module.exports = class JobOrder {
  sort(tests) {
    const order = [...globalThis.gradusBench.jobs.keys()]
    return [...tests].sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path))
  }
  allFailedTests(tests) {
    return tests
  }
  cacheResults() {}
}
