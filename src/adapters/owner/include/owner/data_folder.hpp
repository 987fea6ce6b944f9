#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "domain/error.hpp"
#include "infrastructure/descriptor.hpp"

/// One owner a data folder. SQLite files can be damaged when two processes write, so exactly one
/// process, the owner, has the store open; the others reach it through a socket in the folder.
namespace rag::owner {

enum class Role : std::uint8_t { serve, mcp, command };

struct OwnerInfo {
    std::int64_t pid = 0;
    Role role = Role::command;
    std::string version;
};

/// An advisory lock (flock) on a file that is never unlinked; the kernel lifts it when the process
/// ends, however it ends. Held until destroyed.
class FolderLock {
public:
    explicit FolderLock(Descriptor file) : file_(std::move(file)) {}

private:
    Descriptor file_;
};

/// The folder, its locks and its socket. Never waits: whoever wants a lock that is held asks again.
class DataFolder {
public:
    /// Creates the folder (0700) and its missing parents, each synced to disk before this returns.
    /// `invalid_argument`: not a folder, not ours, or on a network file system, where neither
    /// flock nor SQLite's WAL can be trusted.
    static Result<DataFolder> open(const std::filesystem::path& path);

    /// Takes the right to own the store, and writes into the file who has it. nullopt: another
    /// process owns it, or a `serve` is about to (see `try_lock_for_serve`).
    Result<std::optional<FolderLock>> try_lock(Role role) const;

    /// Held by a `serve` from its start to its end, beside the store's lock: while it is held no
    /// other process tries to become the owner, so a `serve` that asked for the store gets it.
    /// nullopt: another `serve` is there.
    Result<std::optional<FolderLock>> try_lock_for_serve() const;

    /// Who owns the store, or serves from it; nullopt: nobody ever did. Of an owner that died it is
    /// the last words, so ask only after a lock was refused.
    std::optional<OwnerInfo> owner() const;
    std::optional<OwnerInfo> server() const;

    /// A listening Unix socket in the folder (0600), in place of whatever a former owner left.
    /// Only for who holds the lock.
    Result<Descriptor> listen() const;

    /// Where to connect: a path through /proc that fits into `sockaddr_un` however deep the
    /// folder lies. Valid as long as this object.
    std::string socket_path() const;

    const std::filesystem::path& path() const { return path_; }

private:
    DataFolder(std::filesystem::path path, Descriptor folder)
        : path_(std::move(path)), folder_(std::move(folder)) {}

    Result<std::optional<FolderLock>> lock_file(const char* name, Role role) const;
    std::optional<OwnerInfo> read_info(const char* name) const;

    std::filesystem::path path_;
    Descriptor folder_;
};

}  // namespace rag::owner
