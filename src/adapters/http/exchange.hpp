#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application/task.hpp"
#include "domain/error.hpp"
#include "http/application.hpp"
#include "routes.hpp"
#include "wire/message.hpp"

namespace rag::http {

/// What the application decided by the header of a request.
struct Admission {
    const Route* route = nullptr;  // nullptr: none, or one of the owner's.
    const OwnerRoute* owner_route = nullptr;
    std::string path;
    std::string query;
    std::string path_id;  // What stands for "{id}", decoded.
    std::string_view metrics_route = "{unknown}";
    std::string metrics_method = "OTHER";
    bool metrics_time = false;  // Whether a histogram is kept.
    std::chrono::steady_clock::time_point began;
    CallContext context;
    std::size_t body_bytes_max = 0;
    bool streamed = false;                  // Body and answer go line by line.
    bool probe = false;                     // Never refused for load.
    std::optional<wire::Response> refusal;  // The answer, whatever the body is.
};

/// A body that is still coming.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// Adds the next bytes to `buffer`; false: the body has ended. An error is final.
    virtual Task<Result<bool>> read(std::string& buffer) = 0;
    /// Takes room for that many bytes of the body, in place of what was held before; whoever keeps
    /// what `read` gave says so. False: there is no room for more now.
    virtual bool hold(std::size_t bytes) = 0;
};

/// An answer that goes out in pieces. The first call sends the header, so a failure before it can
/// still be an answer of its own.
class AnswerSink {
public:
    virtual ~AnswerSink() = default;
    /// False: nobody reads any more.
    virtual Task<bool> begin(wire::Response head) = 0;
    virtual Task<bool> write(std::string piece) = 0;
    /// Sends a whole answer, in place of `begin` and `write`.
    virtual Task<bool> send(wire::Response answer) = 0;
};

}  // namespace rag::http
