#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/chunk.hpp"
#include "domain/text_ports.hpp"

/// Text without words: base64, hexadecimal digits and the like. Cut into chunks it would take an
/// embedding for every few hundred bytes that mean nothing; so its beginning is embedded, and it is
/// found by all its terms.
namespace rag {

/// False for a long text of which hardly anything lies in words (limits::kWordlessCharactersMin).
bool holds_words(std::string_view text, const Segmenter& segmenter);

/// The text from the first character on that leaves ink.
std::string_view written_part(std::string_view text);

struct ChunkTerms {
    std::vector<Term> terms;
    std::uint32_t length = 0;  // As BM25 takes it.
};

/// The terms by which a chunk is found. `content`: of its first message. Where the chunk stands for
/// the whole of it, they are those of the whole, each counted once, and the length is that of the
/// chunk's text: a key among ten thousand others weighs what it does in any chunk, and no other
/// chunk weighs more because this one is so long.
ChunkTerms terms_of(const Chunk& chunk, std::string_view content, const TermAnalyzer& analyzer);

/// Whether the only chunk of a message stands for the whole of it. Of others nothing is left out.
bool leaves_text_out(const Chunk& chunk, std::string_view content);

}  // namespace rag
