#pragma once

#include "application/verify_store.hpp"
#include "wire/message.hpp"

namespace rag::http {

/// Answers `wire::kVerifyTarget`: {whole, conversations, messages, chunks,
/// chunks_without_embedding, problems}. The use case outlives the handler.
wire::Handler verify_handler(VerifyStore& verify);

}  // namespace rag::http
