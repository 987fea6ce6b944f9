#pragma once

#include <optional>
#include <string>

#include "json_rpc.hpp"
#include "wire/message.hpp"

namespace rag::mcp {

/// What is wrong with the request's Content-Type or Accept; nullopt: nothing. The protocol wants
/// clients to accept event streams, too; since none ever comes, who takes JSON is answered.
std::optional<wire::Response> check_media_types(const wire::Request& request);

wire::Response json_answer(int status, std::string body);
wire::Response error_answer(const RpcError& error, std::string_view id = {});
/// 202 without a body.
wire::Response accepted();
/// 405 for everything but POST and DELETE.
wire::Response method_not_allowed();

}  // namespace rag::mcp
