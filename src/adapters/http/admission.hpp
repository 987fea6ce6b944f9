#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/application.hpp"
#include "negotiation.hpp"
#include "routes.hpp"
#include "wire/problem.hpp"

namespace rag::http {

/// What was decided by the header of a request.
struct Admission {
    explicit Admission(CallContext given) : context(std::move(given)) {}

    const Route* route = nullptr;  // nullptr: none, or one of the owner's.
    const OwnerRoute* owner_route = nullptr;
    wire::Origin origin = wire::Origin::network;
    std::string method;
    std::string readable_by;  // The web origin whose pages may read the answer; "": none may.
    std::string path;
    std::string query;
    PathValues path_values;
    std::string_view metrics_route = "{unknown}";
    std::string metrics_method = "OTHER";
    bool metrics_time = false;  // Whether a histogram is kept.
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    CallContext context;
    std::size_t body_bytes_max = 0;
    bool streamed = false;                  // Body and answer go piece by piece.
    bool probe = false;                     // Never refused for load.
    bool checks_host = true;                // Host and Origin; of the path, whatever the method.
    std::optional<wire::Response> refusal;  // The answer, whatever the body is.
    bool counted = false;  // It has left its line and its counts; it never does twice.
};

/// A problem as the answer to an admitted or refused request.
wire::Response problem(
    const Admission& admission, int status, std::string_view code, std::string detail
);
/// Where a problem of that request stands.
wire::ProblemPlace place_of(const Admission& admission);

/// Whether a route of that kind asks the store or the model.
bool needs_store(RouteClass kind, wire::Origin origin);

/// Decides by the header alone whether and how a request is taken: its route, who sent it, which
/// types it speaks, whether the store is open. Whoever is refused has sent no body for nothing.
class Doorkeeper {
public:
    Doorkeeper(const ApplicationConfig& config, const ApplicationParts& parts)
        : config_(config), parts_(parts) {}

    /// Of a request over the owner's socket the context is read from its header, else it is
    /// `given`. May wait: our own processes do for the store to open.
    Task<Admission> admit(const wire::Request& head, CallContext given) const;

    /// The `Origin` of a sender whose pages may read what it is answered; "": none may.
    std::string readable_by(const Sender& sender) const;

private:
    using Refusal = std::optional<wire::Response>;

    Refusal find_route(Admission& admission, const wire::Request& head) const;
    bool find_owner_route(Admission& admission, const wire::Request& head) const;
    Refusal check_caller(Admission& admission, const wire::Request& head) const;
    Refusal check_types(const Admission& admission, const wire::Request& head) const;
    Task<Refusal> wait_for_start(const Admission& admission, wire::Origin origin) const;
    void set_deadline(Admission& admission) const;

    const ApplicationConfig& config_;
    const ApplicationParts& parts_;
};

}  // namespace rag::http
