#pragma once

#include <chrono>
#include <cstddef>

/// Every limit on what users send, in one place. Those a configuration key can change are the
/// defaults of that key (infrastructure/config_table.cpp).
namespace rag::limits {

inline constexpr std::size_t kAuthorTypeCharactersMax = 64;
inline constexpr std::size_t kBodyBytesMax = 16u << 20;
inline constexpr std::size_t kHeaderBytesMax = 16u << 10;
inline constexpr std::size_t kJsonDepthMax = 64;  // The outermost value is 1.
inline constexpr std::size_t kMessagesMax = 10'000;
/// MAX_MESSAGES can be raised to this: for more, JSON has more values than its reader takes.
inline constexpr std::size_t kMessagesRaisedMax = 24'000;
inline constexpr std::size_t kMessageBytesMax = 1u << 20;
inline constexpr std::size_t kNameCharactersMax = 1'000;  // Names, titles, external_id.
inline constexpr std::size_t kUrlCharactersMax = 2'048;
inline constexpr std::size_t kQueryCharactersMax = 10'000;
inline constexpr std::size_t kTimezoneCharactersMax = 64;
inline constexpr std::size_t kIdempotencyKeyCharactersMax = 255;
/// Rows of one answer: results, conversations, lines that say what is wrong.
inline constexpr std::size_t kRowsMax = 100;
inline constexpr std::size_t kRowsDefault = 50;
inline constexpr std::size_t kTopKDefault = 10;
inline constexpr std::size_t kContextMax = 10;

/// Characters (code points) of a chunk, author prefix included, and what two parts of a message
/// that is split share.
inline constexpr std::size_t kChunkCharactersMax = 1'000;
inline constexpr std::size_t kChunkOverlapCharacters = kChunkCharactersMax / 10;

/// A text of more characters, of which less than a share of 1 / `kWordsShare` lies in words, holds
/// none (domain/wordless.hpp).
inline constexpr std::size_t kWordlessCharactersMin = 4'000;
inline constexpr std::size_t kWordsShare = 10;

/// Of tools for assistants, whose reader is a model with little room.
inline constexpr std::size_t kToolTopKDefault = 5;
inline constexpr std::size_t kToolContextDefault = 2;
inline constexpr std::size_t kToolTokensDefault = 8'000;

/// How long the answer to a write is repeated to whoever repeats its key.
inline constexpr std::chrono::milliseconds kAnswersKept = std::chrono::hours(24);

/// Text and metadata that one answer takes from the store: of messages, of chunks, of context.
inline constexpr std::size_t kReadBytesMax = 64u << 20;

/// Chunks of each kind (by words, by vector) that, with their neighbours, get every signal.
inline constexpr std::size_t kPoolSize = 200;
/// Chunks of each kind that a cursor can reach beyond the pool, ranked by their cheap signals.
inline constexpr std::size_t kTailSize = 2'000;

/// What is worked on at once, in less than about a millisecond; more goes to a pool.
inline constexpr std::size_t kParsedInlineBytesMax = 256u << 10;
inline constexpr std::size_t kTokenizedInlineBytesMax = 8u << 10;
inline constexpr std::size_t kHashedInlineBytesMax = 64u << 10;
inline constexpr std::size_t kEncodedInlineBytesMax = 64u << 10;  // For the store.

}  // namespace rag::limits
