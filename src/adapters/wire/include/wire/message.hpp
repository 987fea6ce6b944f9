#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/call_context.hpp"
#include "application/task.hpp"

/// The HTTP message as inbound adapters hand it to one another: a listener or a command makes a
/// `Request`, the application answers it, whatever carries the bytes in between.
namespace rag::wire {

/// Whom a request comes from. The owner's socket admits only processes of the same user.
enum class Origin : std::uint8_t { network, owner_socket, in_process };

struct Header {
    std::string name;
    std::string value;
};

/// The bytes of a request's body, never changed once made. Shared, because whoever may have to send
/// a request again keeps it while a handler takes it, and a body may be 16 MiB.
class Body {
public:
    Body() = default;
    Body(std::string text)  // NOLINT: a body is a text.
        : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}

    Body(const char* text) : Body(std::string(text)) {}  // NOLINT: as above.

    const std::string& text() const;
    operator const std::string&() const { return text(); }  // NOLINT: as above.
    std::size_t size() const { return text_ ? text_->size() : 0; }
    bool empty() const { return size() == 0; }

private:
    std::shared_ptr<const std::string> text_;  // nullptr: empty.
};

struct Request {
    std::string method;  // "GET"
    std::string target;  // Origin form: "/search?q=x".
    std::vector<Header> headers;
    Body body;
    Origin origin = Origin::network;

    /// The first header of this name, compared without case; "" if there is none.
    std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::vector<Header> headers;  // Without Content-Length, Date and Connection.
    std::string body;

    std::string_view header(std::string_view name) const;
};

/// Answers one request; never throws, never fails: a failure is a problem+json `Response`.
using Handler = std::function<Task<Response>(Request, CallContext)>;

/// Where `mcp-backend verify` asks the owner whether the store is whole; a route of the owner's
/// socket and of this process alone.
inline constexpr std::string_view kVerifyTarget = "/owner/verify";

/// Headers of our own between a process and the owner; honoured only where the origin is not
/// `network`, ignored otherwise.
inline constexpr std::string_view kVersionHeader = "Mcp-Backend-Version";
/// Names a forwarded write, so that it is not done twice when the owner changes in between.
inline constexpr std::string_view kForwardKeyHeader = "Mcp-Backend-Forward-Key";
/// The number of the first line of a forwarded batch, which goes on with one that broke off: a line
/// keeps its number, and with it its key.
inline constexpr std::string_view kFirstLineHeader = "Mcp-Backend-First-Line";
/// State of the stdio session a forwarded MCP line belongs to: "new", or the legacy revision that
/// `initialize` settled on; the answer carries the state after the line.
inline constexpr std::string_view kStdioHeader = "Mcp-Backend-Stdio";

}  // namespace rag::wire
