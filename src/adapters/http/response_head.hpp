#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "wire/message.hpp"

namespace rag::http {

/// How an answer is framed.
struct ResponseFraming {
    enum class Body : std::uint8_t { length, chunked, until_close };
    Body body = Body::length;
    std::size_t length = 0;
    bool close = false;
    int minor_version = 1;
};

/// Status line and headers of an answer, with the empty line.
std::string response_head(const wire::Response& response, const ResponseFraming& framing);

/// One chunk of the chunked coding; of nothing, the last one.
std::string chunk_of(std::string_view piece);

}  // namespace rag::http
