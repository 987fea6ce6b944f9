#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "encoding/json.hpp"

/// The envelope of every message.
namespace rag::mcp {

namespace code {
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kUnsupportedVersion = -32022;
// Legacy only; the first two as the official SDKs use them.
inline constexpr int kNoSession = -32000;
inline constexpr int kSessionNotFound = -32001;
inline constexpr int kResourceNotFound = -32002;
}  // namespace code

struct RpcError {
    int code = code::kInternalError;
    std::string message;
    std::string data;  // JSON text; empty: none.
    int status = 200;  // Over HTTP.
};

/// The members of a method's result, as JSON text without the braces around them.
using RpcAnswer = tl::expected<std::string, RpcError>;

inline tl::unexpected<RpcError> refuse(int code, std::string message, int status = 200) {
    return tl::unexpected<RpcError>(RpcError{code, std::move(message), {}, status});
}

/// Characters in a message that no text can hold, where U+FFFD stands in their place now.
struct InvalidText {
    std::vector<encoding::Replacement> replaced;
    Error why;  // What is said to whoever does not want that.
};

struct RpcMessage {
    enum class Kind { request, notification, response };
    Kind kind = Kind::request;
    std::string id;          // Its JSON text; empty if there is none.
    std::string method;      // Empty: a response.
    encoding::Value params;  // An object, or null if there are none.
    std::optional<InvalidText> invalid = {};

    /// A member of `params._meta`; nullptr: absent.
    const encoding::Value* meta(std::string_view name) const;
};

/// Why something is no message; with the id, if at least that could be read.
struct Malformed {
    std::string id;
    RpcError error;
};

struct Envelope {
    encoding::Value value;
    std::optional<InvalidText> invalid = {};  // Of a call of a tool alone.
};

/// Parses what a client sent: `invalid_argument` with the place of what is no JSON. A call of a
/// tool is read in spite of characters that no text can hold: its answer tells the model.
Result<Envelope> parse_envelope(std::string_view text);
/// Why there is nothing to answer: no JSON, or nobody had time to look.
RpcError parse_failure(const Error& error);
/// Both at once.
tl::expected<encoding::Value, RpcError> read_json(std::string_view text);
tl::expected<RpcMessage, Malformed> read_message(const encoding::Value& value);
tl::expected<RpcMessage, Malformed> read_message(Envelope envelope);

/// `id`: JSON text; empty: the member is left out (null would not be valid).
std::string error_text(std::string_view id, const RpcError& error);
/// `result`: a whole JSON object.
std::string result_text(std::string_view id, std::string_view result);

}  // namespace rag::mcp
