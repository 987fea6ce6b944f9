#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"
#include "application/use_cases.hpp"
#include "domain/limits.hpp"
#include "wire/stream.hpp"

namespace rag::http {

struct Admission;
struct Sender;

/// A route that exists for the owner's socket (and in process) alone.
struct OwnerRoute {
    std::string method;
    std::string path;
    std::variant<wire::Handler, wire::StreamHandler> handler;
};

struct ApplicationConfig {
    std::string version;
    std::string title = "mcp-backend";
    /// Names that `Host` may have ("name", "name:*": with any port); "*" allows all.
    std::vector<std::string> allowed_hosts{"localhost", "127.0.0.1", "[::1]"};
    /// Origins ("https://chat.example.com", "http://name:*") beside those whose host is allowed
    /// above.
    std::vector<std::string> allowed_origins;
    std::chrono::milliseconds request_timeout{30'000};
    std::chrono::milliseconds ingest_timeout{300'000};
    std::size_t body_bytes_max = limits::kBodyBytesMax;
    std::size_t search_top_k = limits::kTopKDefault;  // Of a search that does not say.
};

/// What the application is made of; all outlive it.
struct ApplicationParts {
    UseCases& use_cases;
    WorkPool& pool;
    Telemetry& telemetry;
    std::function<std::string(bool open_metrics)> metrics_text;
    wire::Handler mcp;  // POST, GET and DELETE /mcp
    std::vector<OwnerRoute> owner_routes;
};

/// Answers requests, wherever they come from: checks, routes, calls one use case, renders. Runs on
/// one thread: that of the executor its coroutines are spawned on.
class Application {
public:
    Application(ApplicationConfig config, ApplicationParts parts);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Answers a whole request; never throws. The deadline is the context's or the route's own,
    /// whichever is sooner.
    Task<wire::Response> handle(wire::Request request, CallContext context);
    /// Answers a request whose body is still coming, piece by piece where its route is streamed.
    /// Nothing of the body is read before the request is admitted. False: it broke off.
    Task<bool> handle(
        wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
    );

    // For listeners, who know the header before the body:

    /// Decides by the header alone whether and how the body is to be read; may wait.
    Task<Admission> admit(const wire::Request& head, CallContext context) const;
    // A request is counted once, by the first of these that answers it; the admission outlives the
    // call.

    /// Answers an admitted request whose body is there.
    Task<wire::Response> answer(Admission& admission, wire::Request request);
    /// Answers an admitted request piece by piece (`Admission::streamed`).
    /// False: the answer could not be brought to its end.
    Task<bool> stream(
        Admission& admission, wire::Request head, wire::BodySource& body, wire::AnswerSink& answers
    );
    /// An answer of the listener's own (a limit, a broken body), for `Admission::refusal`.
    wire::Response refusal(
        const Admission& admission, int status, std::string_view code, std::string detail
    ) const;
    /// The same, to be sent as it is.
    wire::Response refuse(
        Admission& admission, int status, std::string_view code, std::string detail
    ) const;
    /// An answer to bytes that are no HTTP request; `sender` as far as it could be read.
    wire::Response refuse_malformed(
        int status, std::string_view code, std::string detail, const Sender& sender
    ) const;

    const ApplicationConfig& config() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rag::http
