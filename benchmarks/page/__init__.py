"""`docs/performance.md`, made of the records of benchmarks that lie in `benchmarks/records`."""
