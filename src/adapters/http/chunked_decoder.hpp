#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "framing_gate.hpp"

namespace rag::http {

/// Undoes the chunked transfer coding, piece by piece (RFC 9112 §7.1), to the letter.
class ChunkedDecoder {
public:
    /// Takes bytes from the front of `bytes` and adds what they carry to `body`; answers how many
    /// it took. It takes all, unless the body ends before.
    Framed<std::size_t> decode(std::string_view bytes, std::string& body);
    bool done() const { return state_ == State::done; }

private:
    enum class State : std::uint8_t { size, extension, data, data_end, trailer, done };

    Framed<void> take_line_byte(char c);
    Framed<void> end_line();
    Framed<void> end_size_line();

    State state_ = State::size;
    std::string line_;                 // Of the line being read, without its end.
    bool after_cr_ = false;            // The last byte was a carriage return.
    std::uint64_t left_ = 0;           // Of the chunk.
    std::size_t extension_bytes_ = 0;  // Over all chunks.
    std::size_t trailer_bytes_ = 0;
};

}  // namespace rag::http
