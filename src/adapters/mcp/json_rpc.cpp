#include "json_rpc.hpp"

#include <utility>

#include "text_cut.hpp"
#include "wire/problem.hpp"

namespace rag::mcp {
namespace {

// Around the body of POST /ingest stand the message, its params and the arguments.
constexpr std::size_t kEnvelopeDepth = 3;

constexpr std::size_t kMessageCharactersMax = 500;

/// JSON text of a valid id; "" for anything else.
std::string id_text(const encoding::Value* id) {
    if (id == nullptr) return {};
    const bool valid = id->string() != nullptr || id->integer().has_value();
    return valid ? id->to_json() : std::string();
}

}  // namespace

const encoding::Value* RpcMessage::meta(std::string_view name) const {
    const encoding::Value* meta = params.find("_meta");
    return meta == nullptr ? nullptr : meta->find(name);
}

Result<Envelope> parse_envelope(std::string_view text) {
    encoding::JsonLimits limits = encoding::default_json_limits();
    limits.depth_max += kEnvelopeDepth;
    Result<encoding::Value> value = encoding::parse_json(text, limits);
    if (value) return Envelope{std::move(*value)};
    Result<encoding::ReplacedJson> other = encoding::parse_json_replacing(text, limits);
    const encoding::Value* method = other ? other->value.find("method") : nullptr;
    const bool calls = method != nullptr && method->string() != nullptr &&
                       *method->string() == "tools/call" && !other->replaced.empty();
    if (!calls) return tl::unexpected<Error>(std::move(value.error()));
    return Envelope{
        std::move(other->value), InvalidText{std::move(other->replaced), std::move(value.error())}};
}

RpcError parse_failure(const Error& error) {
    if (error.code != ErrorCode::invalid_argument) {
        return RpcError{code::kInternalError, error.message, {}, wire::http_status(error.code)};
    }
    std::string message = "Parse error: " + error.message;
    if (!error.pointer.empty()) message += " (at " + error.pointer + ")";
    return RpcError{code::kParseError, std::move(message), {}, 400};
}

tl::expected<encoding::Value, RpcError> read_json(std::string_view text) {
    Result<Envelope> envelope = parse_envelope(text);
    if (!envelope) return tl::unexpected<RpcError>(parse_failure(envelope.error()));
    return std::move(envelope->value);
}

tl::expected<RpcMessage, Malformed> read_message(Envelope envelope) {
    tl::expected<RpcMessage, Malformed> message = read_message(envelope.value);
    if (message) message->invalid = std::move(envelope.invalid);
    return message;
}

tl::expected<RpcMessage, Malformed> read_message(const encoding::Value& value) {
    const encoding::Value* id = value.find("id");
    RpcMessage message;
    message.id = id_text(id);
    auto malformed = [&message](std::string why) {
        RpcError error{code::kInvalidRequest, "Invalid request: " + std::move(why), {}, 400};
        return tl::unexpected<Malformed>(Malformed{message.id, std::move(error)});
    };

    if (!value.is_object()) return malformed("a message is an object");
    const encoding::Value* version = value.find("jsonrpc");
    if (version == nullptr || version->string() == nullptr || *version->string() != "2.0") {
        return malformed("jsonrpc must be \"2.0\"");
    }
    if (id != nullptr && message.id.empty()) return malformed("id must be a string or an integer");
    const encoding::Value* method = value.find("method");
    if (method == nullptr) {
        const bool answers = value.find("result") != nullptr || value.find("error") != nullptr;
        if (!answers) return malformed("method is missing");
        message.kind = RpcMessage::Kind::response;
        return message;
    }
    if (method->string() == nullptr) return malformed("method must be a string");
    message.method = *method->string();
    const encoding::Value* params = value.find("params");
    if (params != nullptr && !params->is_object()) return malformed("params must be an object");
    if (params != nullptr) message.params = *params;
    message.kind = id == nullptr ? RpcMessage::Kind::notification : RpcMessage::Kind::request;
    return message;
}

std::string error_text(std::string_view id, const RpcError& error) {
    encoding::JsonWriter out;
    out.begin_object().member("jsonrpc", "2.0");
    if (!id.empty()) out.key("id").raw(id);
    out.key("error").begin_object().member("code", std::int64_t{error.code});
    // It may repeat what a client sent, and that may be long.
    out.member("message", first_characters(error.message, kMessageCharactersMax));
    if (!error.data.empty()) out.key("data").raw(error.data);
    out.end_object().end_object();
    return out.take();
}

std::string result_text(std::string_view id, std::string_view result) {
    std::string out = R"({"jsonrpc":"2.0","id":)";
    out.reserve(out.size() + id.size() + result.size() + 12);
    out.append(id).append(R"(,"result":)").append(result).append("}");
    return out;
}

}  // namespace rag::mcp
