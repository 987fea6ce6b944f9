#include "access_line.hpp"

#include <array>
#include <cstdint>

#include "wire/elapsed.hpp"

namespace rag::http {

void write_access_line(
    Telemetry& telemetry, const Admission& admission, int status, Traffic traffic
) {
    const bool told = !admission.probe && admission.owner_route == nullptr &&
                      admission.origin != wire::Origin::in_process;
    if (!told) return;
    // What a client made up itself may be anything, a secret too.
    const std::string_view method =
        is_known_method(admission.method) ? std::string_view(admission.method) : "OTHER";
    const std::size_t bytes_out = method == "HEAD" ? 0 : traffic.bytes_out;
    const std::array fields{
        LogField{"method", method},
        LogField{"route", admission.metrics_route},
        LogField{"status", std::int64_t{status}},
        LogField{"duration_ms", wire::milliseconds_since(admission.began)},
        LogField{"bytes_in", static_cast<std::int64_t>(traffic.bytes_in)},
        LogField{"bytes_out", static_cast<std::int64_t>(bytes_out)},
    };
    telemetry.log(
        LogLevel::info, "app.http.access", "Request completed", admission.context.trace.id, fields
    );
}

}  // namespace rag::http
