#include "blobs.hpp"

#include <bit>
#include <cstring>

#include "index/varint.hpp"

namespace rag::sqlite {

namespace {

static_assert(std::endian::native == std::endian::little, "Blobs are written as memory holds them");

[[noreturn]] void corrupt() { throw SqliteError(SQLITE_CORRUPT, "a blob that cannot be read"); }

std::uint64_t take_varint(Blob& bytes) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    corrupt();
}

template <class Value>
std::vector<Value> decode_fixed(Blob bytes) {
    if (bytes.size() % sizeof(Value) != 0) corrupt();
    std::vector<Value> values(bytes.size() / sizeof(Value));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

}  // namespace

Blob vector_blob(std::span<const float> vector) {
    return {reinterpret_cast<const std::uint8_t*>(vector.data()), vector.size_bytes()};
}

std::vector<float> decode_vector(Blob bytes) { return decode_fixed<float>(bytes); }

Bytes encode_times(std::span<const Timestamp> times) {
    static_assert(sizeof(Timestamp) == sizeof(std::int64_t));
    Bytes out(times.size_bytes());
    if (!times.empty()) std::memcpy(out.data(), times.data(), times.size_bytes());
    return out;
}

std::vector<Timestamp> decode_times(Blob bytes) { return decode_fixed<Timestamp>(bytes); }

Bytes encode_ids(std::span<const std::int32_t> ids) {
    Bytes out;
    out.reserve(ids.size() * 2);
    for (const std::int32_t id : ids) put_varint(out, static_cast<std::uint32_t>(id));
    return out;
}

std::vector<std::int32_t> decode_ids(Blob bytes) {
    std::vector<std::int32_t> ids;
    ids.reserve(bytes.size() / 2);
    while (!bytes.empty()) ids.push_back(static_cast<std::int32_t>(take_varint(bytes)));
    return ids;
}

Bytes encode_ascending_ids(std::span<const std::int32_t> ids) {
    Bytes out;
    out.reserve(ids.size() * 2);
    std::uint32_t last = 0;
    for (const std::int32_t id : ids) {
        put_varint(out, static_cast<std::uint32_t>(id) - last);
        last = static_cast<std::uint32_t>(id);
    }
    return out;
}

std::vector<std::int32_t> decode_ascending_ids(Blob bytes) {
    std::vector<std::int32_t> ids = decode_ids(bytes);
    std::uint32_t last = 0;
    for (std::int32_t& id : ids) {
        last += static_cast<std::uint32_t>(id);
        id = static_cast<std::int32_t>(last);
    }
    return ids;
}

Bytes encode_terms(std::span<const Term> terms) {
    Bytes out;
    for (const Term& term : terms) {
        put_varint(out, std::uint64_t{term.count} * 2 + (term.stop ? 1 : 0));
        put_varint(out, term.text.size());
        out.insert(out.end(), term.text.begin(), term.text.end());
    }
    return out;
}

std::vector<Term> decode_terms(Blob bytes) {
    std::vector<Term> terms;
    while (!bytes.empty()) {
        const std::uint64_t count = take_varint(bytes);
        const std::uint64_t size = take_varint(bytes);
        if (size > bytes.size()) corrupt();
        const auto text = as_text(bytes.first(size));
        terms.push_back({std::string(text), static_cast<std::uint32_t>(count / 2), count % 2 != 0});
        bytes = bytes.subspan(size);
    }
    return terms;
}

}  // namespace rag::sqlite
