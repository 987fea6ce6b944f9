#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "application/call_context.hpp"
#include "application/ports/telemetry.hpp"

namespace rag {

enum class Port : std::uint8_t { repository, embeddings, work_pool };

/// One call of a port while it lives: every such call is made under one of these, so this is where
/// calls are timed and can be traced. `operation`: the call's name, a literal. The context is the
/// one that is handed to the port next, so that it can be told whose child it is. How the call ends
/// is not told here.
class PortCall {
public:
    PortCall(
        Telemetry& telemetry, Port port, std::string_view operation, CallContext& /*context*/
    )
        : telemetry_(telemetry), port_(port), operation_(operation) {}
    PortCall(const PortCall&) = delete;
    PortCall& operator=(const PortCall&) = delete;

    /// Waiting for the call's turn counts too.
    ~PortCall() {
        if (port_ != Port::repository) return;
        const std::chrono::duration<double> took = Clock::now() - began_;
        telemetry_.observe("database_query_duration_seconds", {operation_}, took.count());
    }

private:
    using Clock = std::chrono::steady_clock;

    Telemetry& telemetry_;
    Port port_;
    std::string_view operation_;
    Clock::time_point began_ = Clock::now();
};

}  // namespace rag
