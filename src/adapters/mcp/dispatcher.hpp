#pragma once

#include <string>
#include <vector>

#include "application/use_cases.hpp"
#include "methods.hpp"

namespace rag::mcp {

/// What comes with a call besides the message.
struct CallContext {
    std::vector<WriteKey> write_keys;  // Of whoever forwards the call.
    RequestContext request;
};

/// Runs the methods that the use cases answer.
class Dispatcher {
public:
    Dispatcher(const UseCases& use_cases, ServerInfo server)
        : use_cases_(use_cases), server_(std::move(server)) {}

    const ServerInfo& server() const { return server_; }

    /// The answer to any method but `initialize`.
    Task<Answer> run(const Method& method, Message message, Revision revision, CallContext context);

private:
    Task<Answer> call_tool(Message message, Revision revision, CallContext context);

    UseCases use_cases_;
    ServerInfo server_;
};

}  // namespace rag::mcp
