#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "methods.hpp"

namespace rag::mcp {

/// What to do with one message that came over stdio.
struct LinePlan {
    std::string reply;               // The line to write; empty: nothing, or not yet.
    const Method* method = nullptr;  // The owner has to be asked; nullptr: all is done.
    Revision revision = kNewestLegacy;
};

/// The rules of a stdio session: `initialize` settles a legacy revision for the messages that tell
/// none themselves. Decides without waiting.
class StdioSession {
public:
    explicit StdioSession(std::optional<Revision> settled = {}) : settled_(settled) {}

    LinePlan plan(const RpcMessage& message, const ServerInfo& server);

    /// nullopt: `initialize` has not come yet.
    const std::optional<Revision>& settled() const { return settled_; }

private:
    LinePlan plan_modern(const RpcMessage& message, const ServerInfo& server);
    LinePlan plan_legacy(const RpcMessage& message, const ServerInfo& server);

    std::optional<Revision> settled_;
};

/// The state as it travels with a forwarded line, and back.
std::string_view session_state(const std::optional<Revision>& settled);
std::optional<Revision> read_session_state(std::string_view state);

}  // namespace rag::mcp
