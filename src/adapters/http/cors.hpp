#pragma once

#include <string>
#include <string_view>

#include "wire/message.hpp"

/// What a browser lets pages of other origins send here and read of the answer (CORS, the fetch
/// standard). Who is let in at all is decided in `negotiation.hpp`.
namespace rag::http {

/// Lets a page of that origin read the answer; "": nothing changes. Once an answer.
void let_read(wire::Response& answer, std::string_view origin);

/// What a browser is told when it asks before it sends: the path's methods, the headers of this
/// API. Says nothing of the origin; `let_read` does.
wire::Response preflight_answer(const wire::Request& asked, const std::string& methods);

}  // namespace rag::http
