-- What wrk sends: the comparison in the variable BODY, with another seed each time. Prints one line of JSON at the end.
local body = os.getenv("BODY"):sub(1, -2) .. ', "seed": '
local seed = 0

request = function()
  seed = seed + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body .. seed .. "}")
end

done = function(summary, latency, _)
  local errors = summary.errors
  local odd = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format('\n{"p50": %f, "p95": %f, "p99": %f, "rate": %f, "odd": %d}',
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    summary.requests / (summary.duration / 1e6), odd))
end
