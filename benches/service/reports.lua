-- wrk posts the reports of a folder in turn and counts the answers by status.
-- REPORTS names a file that lists the paths of the reports, one a line.

local bodies, turn, statuses = {}, 0, {}
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  for path in io.lines(os.getenv("REPORTS")) do
    local file = assert(io.open(path, "rb"))
    table.insert(bodies, file:read("*a"))
    file:close()
  end
end

function request()
  turn = turn % #bodies + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/yaml" }, bodies[turn])
end

-- Globals of a thread can be read when all is done.
counted = ""
function response(status)
  statuses[status] = (statuses[status] or 0) + 1
  local all = {}
  for number, count in pairs(statuses) do table.insert(all, number .. " " .. count) end
  counted = table.concat(all, "\n")
end

function done(summary, latency, requests)
  for _, thread in ipairs(threads) do print("status " .. thread:get("counted"):gsub("\n", "\nstatus ")) end
  local errors = summary.errors
  print("socket " .. errors.connect + errors.read + errors.write + errors.timeout)
  print(string.format("rate %.1f", summary.requests / (summary.duration / 1e6)))
  print(string.format("p50 %.1f", latency:percentile(50) / 1000))
  print(string.format("p99 %.1f", latency:percentile(99) / 1000))
end
