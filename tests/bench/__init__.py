"""The benchmarks that `script/bench` runs: each measures ours against a reference in the same run."""
