#pragma once

#include <cstdint>

#include "application/parameters.hpp"

namespace rag::http {

/// What a probe can be asked for; nothing that the core knows of.
struct ProbeRequest {
    std::int64_t unhealthy_status = 503;
};

}  // namespace rag::http

namespace rag {

template <>
std::span<const ParameterRow<http::ProbeRequest>> parameter_rows();

}  // namespace rag
