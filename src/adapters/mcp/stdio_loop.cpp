#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>
#include <utility>

#include "call_table.hpp"
#include "catalog.hpp"
#include "encoding/random_id.hpp"
#include "infrastructure/descriptor.hpp"
#include "line_reader.hpp"
#include "mcp/server.hpp"
#include "parent_watch.hpp"
#include "sessions.hpp"
#include "stdio_session.hpp"

namespace rag::mcp {
namespace {

/// The answer to a line that could not be forwarded: the problem's own words, where it has any.
std::string failure_text(std::string_view id, const wire::Response& response) {
    RpcError error{code::kInternalError, "The memory did not answer.", {}, response.status};
    const Result<encoding::Value> problem = encoding::parse_json(response.body);
    const encoding::Value* detail = problem ? problem->find("detail") : nullptr;
    if (detail != nullptr && detail->string() != nullptr) error.message = *detail->string();
    return error_text(id, error);
}

/// A message stands on one line. Metadata comes out as it was sent, white space included; within
/// strings a line end is always escaped.
std::string on_one_line(std::string json) {
    std::ranges::replace(json, '\n', ' ');
    std::ranges::replace(json, '\r', ' ');
    return json += '\n';
}

bool writes(const RpcMessage& message) {
    if (message.method != "tools/call") return false;
    const encoding::Value* name = message.params.find("name");
    const Tool* tool =
        name == nullptr || name->string() == nullptr ? nullptr : find_tool(*name->string());
    return tool != nullptr && tool->writes;
}

}  // namespace

struct StdioLoop::State : std::enable_shared_from_this<State> {
    State(StdioOptions given, boost::asio::any_io_executor on, wire::Handler to)
        : options(std::move(given)),
          server{options.version},
          executor(std::move(on)),
          forward(std::move(to)),
          calls(options.in_flight_max, options.in_flight_bytes_max),
          wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    void take_line(std::string line);
    void take_message(CallTable::Call call, std::string line, const RpcMessage& message);
    void send(CallTable::Call call, std::string line, bool with_write);
    void write_answers();
    void stop() { ::eventfd_write(wake.get(), 1); }

    static Task<void> carry(
        std::shared_ptr<State> self,
        CallTable::Call call,
        wire::Request request,
        CallContext context
    );

    const StdioOptions options;
    const ServerInfo server;
    boost::asio::any_io_executor executor;
    wire::Handler forward;
    CallTable calls;
    Descriptor wake;
    StdioSession session;  // Of the reading thread alone, which sees lines in order.
};

StdioLoop::StdioLoop(
    StdioOptions options, boost::asio::any_io_executor executor, wire::Handler forward
)
    : state_(std::make_shared<State>(std::move(options), std::move(executor), std::move(forward))) {
}

StdioLoop::~StdioLoop() = default;

void StdioLoop::stop() { state_->stop(); }

void StdioLoop::run() {
    State& state = *state_;
    // A client that reads slowly must not hold up the reading of lines, nor the executor.
    std::jthread writer([&state] { state.write_answers(); });
    const ParentWatch parent(state.options.parent, [&state] {
        // Nobody is there to read an answer.
        state.calls.close();
        state.stop();
    });
    LineReader reader(state.options.input, state.wake.get(), state.options.line_bytes_max);
    while (std::optional<LineReader::Line> line = reader.next()) {
        if (!state.calls.begin(line->text.size())) break;
        if (line->too_long) {
            const RpcError error{code::kInvalidRequest, "The line is too long", {}, 413};
            state.calls.finish({}, error_text({}, error));
        } else {
            state.take_line(std::move(line->text));
        }
    }
    state.calls.wait_until_idle(state.options.drain_timeout);
    state.calls.close();
}

void StdioLoop::State::take_line(std::string line) {
    CallTable::Call call{line.size(), {}};
    if (line.find_first_not_of(" \t") == std::string::npos) return calls.finish(call, {});
    tl::expected<encoding::Value, RpcError> value = read_json(line);
    if (!value) return calls.finish(call, error_text({}, value.error()));
    // A batch may hold anything, writes included.
    if (value->array() != nullptr) return send(std::move(call), std::move(line), true);
    tl::expected<RpcMessage, Malformed> message = read_message(*value);
    if (!message) {
        return calls.finish(call, error_text(message.error().id, message.error().error));
    }
    take_message(std::move(call), std::move(line), *message);
}

void StdioLoop::State::take_message(
    CallTable::Call call, std::string line, const RpcMessage& message
) {
    if (message.method == "notifications/cancelled") {
        const encoding::Value* id = message.params.find("requestId");
        if (id != nullptr) calls.cancel(id->to_json());
    }
    LinePlan plan = session.plan(message, server);
    if (plan.method == nullptr) return calls.finish(call, std::move(plan.reply));
    call.id = message.id;
    calls.name(call);
    send(std::move(call), std::move(line), writes(message));
}

void StdioLoop::State::send(CallTable::Call call, std::string line, bool with_write) {
    wire::Request request;
    request.method = "POST";
    request.target = "/mcp";
    request.origin = wire::Origin::in_process;
    request.headers.push_back({"Content-Type", "application/json"});
    request.headers.push_back({"Accept", "application/json, text/event-stream"});
    request.headers.push_back(
        {std::string(wire::kStdioHeader), std::string(session_state(session.settled()))}
    );
    if (with_write) {
        request.headers.push_back({std::string(wire::kForwardKeyHeader), encoding::random_id()});
    }
    request.body = std::move(line);
    const Deadline deadline = std::chrono::steady_clock::now() + options.call_timeout;
    CallContext context = CallContext::of_default_tenant(deadline, {encoding::random_id(), {}});
    boost::asio::co_spawn(
        executor,
        carry(shared_from_this(), std::move(call), std::move(request), std::move(context)),
        boost::asio::detached
    );
}

Task<void> StdioLoop::State::carry(
    std::shared_ptr<State> self, CallTable::Call call, wire::Request request, CallContext context
) {
    std::string answer;
    try {
        wire::Response response = co_await self->forward(std::move(request), std::move(context));
        const bool answered = response.status == 200 || response.status == 202;
        answer = answered ? std::move(response.body) : failure_text(call.id, response);
    } catch (const std::exception&) {
        // A handler does not throw; if one does, the client must still not wait for ever.
        answer = failure_text(call.id, wire::Response{500, {}, {}});
    }
    self->calls.finish(call, std::move(answer));
}

void StdioLoop::State::write_answers() {
    CallTable::AnswerLine answer;
    while (calls.next_answer(answer)) {
        if (!write_fully(options.output, on_one_line(std::move(answer.line)))) {
            // The client is gone, so nothing more needs to be read either.
            calls.close();
            stop();
            return;
        }
        calls.written(answer);
    }
}

}  // namespace rag::mcp
