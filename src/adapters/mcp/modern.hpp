#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "json_rpc.hpp"
#include "methods.hpp"
#include "wire/message.hpp"

/// Telling the two generations of the protocol apart, and what a request of the modern one must
/// bring along.
namespace rag::mcp {

/// By what the message itself says; all there is over stdio.
bool says_modern(const RpcMessage& message);
/// Over HTTP the header MCP-Protocol-Version tells too.
bool is_modern(const wire::Request& request, const RpcMessage& message);

/// The method a modern request asks for, or why it is refused. Over stdio there are no headers.
tl::expected<const Method*, RpcError> check_modern(const RpcMessage& message);
/// In the order that clients rely on to tell what is wrong.
tl::expected<const Method*, RpcError> check_modern(
    const RpcMessage& message, const wire::Request& request
);

/// What a header such as Mcp-Name means: as it stands, or decoded if it is marked as base64.
/// nullopt: it is marked, and not base64.
std::optional<std::string> decode_header(std::string_view value);

}  // namespace rag::mcp
