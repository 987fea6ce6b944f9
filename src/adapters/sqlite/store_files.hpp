#pragma once

#include <cstdint>
#include <filesystem>

#include "domain/error.hpp"

namespace rag::sqlite {

/// Creates the folder (0700) with its missing parents, and the store's file (0600) in it, and
/// syncs every folder that got a new entry: a synced file in a forgotten folder would be lost.
/// Throws std::filesystem::filesystem_error.
void prepare_files(const std::filesystem::path& store);

/// What a caller may see of such a failure: the reason, not the path.
Error to_error(const std::filesystem::filesystem_error& failure);

/// The size of the file; 0 if there is none.
std::int64_t file_bytes(const std::filesystem::path& file);

/// An unprivileged process may write less than 64 MiB beside the file, or than a tenth of a small
/// disk. False if unknown.
bool is_nearly_full(const std::filesystem::path& file);

/// The log that SQLite keeps beside the store's file.
std::filesystem::path wal_of(const std::filesystem::path& store);

}  // namespace rag::sqlite
