#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "wire/message.hpp"

namespace rag::cli {

/// A request whose body is made, and whose answer is taken, piece by piece. All of it happens on
/// the thread of the call.
class StreamedCall {
public:
    virtual ~StreamedCall() = default;

    enum class Next : std::uint8_t { bytes, later, end };
    /// Adds the next bytes of the body to `buffer`. `later`: only after more of the answer.
    virtual Next next(std::string& buffer) = 0;
    /// Takes the next bytes of the body of a 2xx answer.
    virtual void take(std::string_view piece) = 0;
};

/// The way of a command to the application: in this process if it owns the data folder, else
/// through the owner. Thread-safe; blocks until the answer is there.
class ApiClient {
public:
    virtual ~ApiClient() = default;
    /// An error means that no answer came; what the application refuses is a `Response`.
    virtual Result<wire::Response> call(wire::Request request) = 0;
    /// The answer, the body of a 2xx left out. `unavailable`, `timeout`: it broke off. What was
    /// answered is done; the rest may be sent again, under the same keys.
    virtual Result<wire::Response> stream(wire::Request request, StreamedCall& call) = 0;
};

}  // namespace rag::cli
