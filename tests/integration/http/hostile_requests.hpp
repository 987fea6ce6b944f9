#pragma once

#include <string>
#include <vector>

namespace rag::test {

/// A request that must not be taken.
struct HostileRequest {
    std::string name;
    std::string bytes;
    int status;
    /// The message itself is ambiguous or broken: after the answer the connection must be closed,
    /// whatever else came over it.
    bool closes = true;
    /// The client stops in the middle.
    bool half_closed = false;
};

/// Malformed, ambiguous and unwanted requests; each would store a conversation if it were taken for
/// what a careless parser sees in it.
std::vector<HostileRequest> hostile_requests();

}  // namespace rag::test
