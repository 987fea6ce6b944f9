#include "chunked_decoder.hpp"

#include <algorithm>
#include <charconv>

#include "domain/limits.hpp"
#include "wire/headers.hpp"

namespace rag::http {

namespace {

constexpr std::size_t kExtensionBytesMax = 4u << 10;
constexpr std::size_t kSizeDigitsMax = 8;  // 4 GiB a chunk: beyond any body limit.

tl::unexpected<Rejection> malformed(std::string detail) {
    return tl::unexpected<Rejection>(Rejection{400, "malformed_body", std::move(detail)});
}

bool is_framing_header(std::string_view name) {
    for (const std::string_view known :
         {"Content-Length", "Transfer-Encoding", "Host", "Trailer"}) {
        if (wire::equals_ignoring_case(name, known)) return true;
    }
    return false;
}

}  // namespace

Framed<std::size_t> ChunkedDecoder::decode(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && state_ != State::done) {
        if (state_ == State::data) {
            const std::size_t piece =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - taken));
            body.append(bytes.substr(taken, piece));
            taken += piece;
            left_ -= piece;
            if (left_ == 0) state_ = State::data_end;
            continue;
        }
        Framed<void> ok = take_line_byte(bytes[taken]);
        if (!ok) return tl::unexpected(std::move(ok.error()));
        ++taken;
    }
    return taken;
}

Framed<void> ChunkedDecoder::take_line_byte(char c) {
    if (after_cr_) {
        if (c != '\n') return malformed("a carriage return stands alone in the chunked body");
        after_cr_ = false;
        return end_line();
    }
    if (c == '\r') {
        after_cr_ = true;
        return {};
    }
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) {
        return malformed("a line of the chunked body holds a control character");
    }
    if (state_ == State::data_end) return malformed("a chunk is longer than its size says");
    if (state_ == State::trailer && ++trailer_bytes_ > limits::kHeaderBytesMax) {
        return tl::unexpected<Rejection>(Rejection{
            431, "header_too_large", "the trailer is too large"});
    }
    if (state_ == State::extension && ++extension_bytes_ > kExtensionBytesMax) {
        return malformed("the chunk extensions are too long");
    }
    if (state_ == State::size && (c == ';' || c == ' ' || c == '\t')) {
        state_ = State::extension;
        ++extension_bytes_;
    }
    line_ += c;
    if (state_ == State::size && line_.size() > kSizeDigitsMax) {
        return malformed("a chunk size is too long");
    }
    return {};
}

Framed<void> ChunkedDecoder::end_line() {
    if (state_ == State::size || state_ == State::extension) return end_size_line();
    if (state_ == State::data_end) {
        state_ = State::size;
        return {};
    }
    if (line_.empty()) {
        state_ = State::done;
        return {};
    }
    std::vector<wire::Header> trailer;
    Framed<void> parsed = parse_header_line(line_, trailer);
    if (!parsed) return parsed;
    if (is_framing_header(trailer.front().name)) {
        return malformed("a trailer must not say how the message is framed");
    }
    line_.clear();
    return {};
}

Framed<void> ChunkedDecoder::end_size_line() {
    const std::size_t digits = std::min(line_.find_first_of("; \t"), line_.size());
    const auto [end, error] = std::from_chars(line_.data(), line_.data() + digits, left_, 16);
    if (digits == 0 || error != std::errc{} || end != line_.data() + digits) {
        return malformed("a chunk size is not a hexadecimal number");
    }
    const std::string_view rest = wire::trim(std::string_view(line_).substr(digits));
    if (digits != line_.size() && (!rest.starts_with(';') || wire::trim(rest.substr(1)).empty())) {
        return malformed("what follows a chunk size is no extension");
    }
    line_.clear();
    state_ = left_ == 0 ? State::trailer : State::data;
    return {};
}

}  // namespace rag::http
