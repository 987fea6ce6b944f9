#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

#include "methods.hpp"
#include "server_context.hpp"

namespace rag::mcp {

/// What comes with a call besides the message.
struct Invocation {
    std::vector<WriteKey> write_keys;  // Of whoever forwards the call.
    CallContext request;
    std::size_t body_bytes = 0;  // Of what the message came in.
    /// Set where this owner is going away and has left the call undone, so that the next one is to
    /// do it. nullptr: nobody would ask the next one.
    bool* left_undone = nullptr;
};

/// Runs the methods that the use cases answer.
class Dispatcher {
public:
    explicit Dispatcher(ServerContext context) : context_(std::move(context)) {}

    const ServerInfo& server() const { return context_.info; }

    /// The answer to any method but `initialize`.
    Task<RpcAnswer> run(
        const Method& method, RpcMessage message, Revision revision, Invocation context
    );

private:
    struct CallLine {
        std::string_view tool;
        bool good;
        std::chrono::steady_clock::time_point began;
    };

    Task<RpcAnswer> call_tool(RpcMessage message, Revision revision, Invocation context);
    /// Every call of a tool leaves a line in the log, whatever became of it.
    void log_call(const CallLine& call, const Trace& trace) const;
    void log_refused_call(const RpcMessage& message, const CallContext& context) const;

    ServerContext context_;
};

}  // namespace rag::mcp
