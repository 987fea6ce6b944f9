#pragma once

#include "domain/error.hpp"
#include "wire/message.hpp"

namespace rag::cli {

/// The way of a command to the application: in this process if it owns the data folder, else
/// through the owner. Thread-safe; blocks until the answer is there.
class ApiClient {
public:
    virtual ~ApiClient() = default;
    /// An error means that no answer came; what the application refuses is a `Response`.
    virtual Result<wire::Response> call(wire::Request request) = 0;
};

}  // namespace rag::cli
