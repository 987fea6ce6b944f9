#include "modern.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "encoding/utf8.hpp"
#include "revision.hpp"
#include "wire/headers.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";
constexpr std::string_view kProtocolVersionHeader = "MCP-Protocol-Version";
constexpr std::string_view kMethodHeader = "Mcp-Method";
constexpr std::string_view kNameHeader = "Mcp-Name";

constexpr std::array<std::string_view, 8> kLogLevels{
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};

using Check = tl::expected<void, RpcError>;

tl::unexpected<RpcError> mismatch(std::string_view header, std::string why) {
    std::string message = "Header mismatch: " + std::string(header) + " " + std::move(why);
    return refuse(code::kHeaderMismatch, std::move(message), 400);
}

Check check_meta(const RpcMessage& message) {
    const encoding::Value* version = message.meta(kVersionKey);
    if (version == nullptr || version->string() == nullptr) {
        return refuse(
            code::kInvalidParams, "_meta." + std::string(kVersionKey) + ": must be a string", 400
        );
    }
    const encoding::Value* capabilities = message.meta(kCapabilitiesKey);
    if (capabilities == nullptr || !capabilities->is_object()) {
        return refuse(
            code::kInvalidParams,
            "_meta." + std::string(kCapabilitiesKey) + ": must be an object",
            400
        );
    }
    return {};
}

std::string version_of(const RpcMessage& message) { return *message.meta(kVersionKey)->string(); }

Check check_version(const RpcMessage& message) {
    const std::string requested = version_of(message);
    if (requested == kModernName) return {};
    encoding::JsonWriter data;
    data.begin_object().key("supported").begin_array().string(kModernName).end_array();
    data.member("requested", std::string_view(requested)).end_object();
    RpcError error{code::kUnsupportedVersion, "Unsupported protocol version", data.take(), 400};
    return tl::unexpected<RpcError>(std::move(error));
}

Check check_equal(std::string_view header, std::string_view value, std::string_view wanted) {
    if (value == wanted) return {};
    return mismatch(
        header,
        "header value '" + std::string(value) + "' does not match body value '" +
            std::string(wanted) + "'"
    );
}

Check check_method_header(const wire::Request& request, const RpcMessage& message) {
    const std::string_view value = wire::trim(request.header(kMethodHeader));
    if (value.empty()) return mismatch(kMethodHeader, "header is missing");
    return check_equal(kMethodHeader, value, message.method);
}

/// Only where the body has a name; that it must have one is for the method to say.
Check check_name_header(
    const wire::Request& request, const RpcMessage& message, const Method& method
) {
    if (method.named_by.empty()) return {};
    const encoding::Value* name = message.params.find(method.named_by);
    if (name == nullptr || name->string() == nullptr) return {};
    const std::string_view value = wire::trim(request.header(kNameHeader));
    if (value.empty() && !name->string()->empty()) {
        return mismatch(kNameHeader, "header is missing");
    }
    const std::optional<std::string> decoded = decode_header(value);
    if (!decoded) return mismatch(kNameHeader, "header is marked as base64 and is not");
    return check_equal(kNameHeader, *decoded, *name->string());
}

tl::expected<const Method*, RpcError> find_modern(const RpcMessage& message) {
    const Method* method = find_method(message.method, Revision::v2026_07_28);
    if (method != nullptr) return method;
    return refuse(code::kMethodNotFound, "Method not found: " + message.method, 404);
}

Check check_log_level(const RpcMessage& message) {
    const encoding::Value* level = message.meta(kLogLevelKey);
    if (level == nullptr) return {};
    const std::string* name = level->string();
    const bool known = name != nullptr && std::ranges::find(kLogLevels, *name) != kLogLevels.end();
    if (known) return {};
    return refuse(code::kInvalidParams, "_meta." + std::string(kLogLevelKey) + ": unknown level");
}

/// Value of a base64 digit; -1: none.
int sextet(char digit) {
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    if (digit == '+') return 62;
    return digit == '/' ? 63 : -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string bytes;
    unsigned bits = 0;
    int have = 0;
    for (char digit : text) {
        const int value = sextet(digit);
        if (value < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFu;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        bytes.push_back(static_cast<char>(bits >> have & 0xFFu));
    }
    // What is left over must be zero, so that each text has one spelling.
    if ((bits & ((1u << have) - 1u)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

bool says_modern(const RpcMessage& message) {
    return message.meta(kVersionKey) != nullptr || message.meta(kCapabilitiesKey) != nullptr;
}

bool is_modern(const wire::Request& request, const RpcMessage& message) {
    if (says_modern(message)) return true;
    const std::string_view version = wire::trim(request.header(kProtocolVersionHeader));
    return !version.empty() && !legacy_revision(version);
}

tl::expected<const Method*, RpcError> check_modern(const RpcMessage& message) {
    if (Check check = check_meta(message); !check) return tl::unexpected(check.error());
    if (Check check = check_version(message); !check) return tl::unexpected(check.error());
    tl::expected<const Method*, RpcError> method = find_modern(message);
    if (!method) return method;
    if (Check check = check_log_level(message); !check) return tl::unexpected(check.error());
    return method;
}

tl::expected<const Method*, RpcError> check_modern(
    const RpcMessage& message, const wire::Request& request
) {
    const std::string_view version = wire::trim(request.header(kProtocolVersionHeader));
    if (version.empty()) return mismatch(kProtocolVersionHeader, "header is missing");
    if (Check check = check_meta(message); !check) return tl::unexpected(check.error());
    if (Check check = check_equal(kProtocolVersionHeader, version, version_of(message)); !check) {
        return tl::unexpected(check.error());
    }
    if (Check check = check_version(message); !check) return tl::unexpected(check.error());
    if (Check check = check_method_header(request, message); !check) {
        return tl::unexpected(check.error());
    }
    tl::expected<const Method*, RpcError> method = find_modern(message);
    if (!method) return method;
    if (Check check = check_name_header(request, message, **method); !check) {
        return tl::unexpected(check.error());
    }
    if (Check check = check_log_level(message); !check) return tl::unexpected(check.error());
    return method;
}

std::optional<std::string> decode_header(std::string_view value) {
    constexpr std::string_view kBegin = "=?base64?";
    constexpr std::string_view kEnd = "?=";
    const bool marked = value.size() >= kBegin.size() + kEnd.size() && value.starts_with(kBegin) &&
                        value.ends_with(kEnd);
    if (!marked) return std::string(value);
    value.remove_prefix(kBegin.size());
    value.remove_suffix(kEnd.size());
    std::optional<std::string> decoded = decode_base64(value);
    if (decoded && !encoding::is_valid_utf8(*decoded)) return std::nullopt;
    return decoded;
}

}  // namespace rag::mcp
