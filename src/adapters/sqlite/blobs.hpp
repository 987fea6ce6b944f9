#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "connection.hpp"
#include "domain/text_ports.hpp"
#include "domain/time.hpp"

/// How lists stand in BLOB columns. Numbers are little-endian; "varint" is LEB128, seven bits a
/// byte from the lowest, the high bit set on all but the last. Decoding throws SqliteError
/// (SQLITE_CORRUPT) for bytes that no encoder has written.
///
///   vector       f32 after f32
///   times        i64 after i64, milliseconds
///   ids          varint after varint; ascending ones as differences to the one before
///   terms        a term after the other: varint (count * 2 + stop), varint bytes, the bytes
namespace rag::sqlite {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of the floats themselves: no copy on the way in.
Blob vector_blob(std::span<const float> vector);
std::vector<float> decode_vector(Blob bytes);

Bytes encode_times(std::span<const Timestamp> times);
std::vector<Timestamp> decode_times(Blob bytes);

Bytes encode_ids(std::span<const std::int32_t> ids);
std::vector<std::int32_t> decode_ids(Blob bytes);

Bytes encode_ascending_ids(std::span<const std::int32_t> ids);
std::vector<std::int32_t> decode_ascending_ids(Blob bytes);

Bytes encode_terms(std::span<const Term> terms);
std::vector<Term> decode_terms(Blob bytes);

}  // namespace rag::sqlite
