#pragma once

#include <cstddef>

#include "admission.hpp"
#include "application/ports/telemetry.hpp"

namespace rag::http {

/// What went to and fro, headers not counted.
struct Traffic {
    std::size_t bytes_in = 0;  // Of a body that nobody wanted: none.
    std::size_t bytes_out = 0;
};

/// The line that every request leaves in the log when it ends, refused ones too. None of probes
/// and scrapes, of the routes that are the owner's socket's alone, and of calls within the process,
/// which are no requests.
void write_access_line(
    Telemetry& telemetry, const Admission& admission, int status, Traffic traffic
);

}  // namespace rag::http
