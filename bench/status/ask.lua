-- Sends the bodies of the file BODIES one after the other, each thread from another place, and prints one line of JSON.
local bodies, at = {}, 0

function init(args)
    for line in io.lines(os.getenv("BODIES")) do
        bodies[#bodies + 1] = line
    end
    math.randomseed(os.time())
    at = math.random(#bodies)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["X-Requested-With"] = "shebao"
    if os.getenv("SESSION") ~= nil then
        wrk.headers["Cookie"] = "shebao_session=" .. os.getenv("SESSION")
    end
end

function request()
    at = at % #bodies + 1
    return wrk.format(nil, nil, nil, bodies[at])
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('RESULT {"rps": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "wrong": %d}\n',
        summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
