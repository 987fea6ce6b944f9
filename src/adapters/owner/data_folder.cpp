#include "owner/data_folder.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <vector>

#include "infrastructure/version.hpp"

namespace rag::owner {

namespace {

constexpr const char* kOwnerLock = "owner.lock";
constexpr const char* kServeLock = "serve.lock";
constexpr const char* kSocket = "owner.sock";

std::string describe_errno() { return std::system_category().message(errno); }

// Not in <linux/magic.h> of every distribution.
constexpr unsigned long kCifs = 0xFF534D42;
constexpr unsigned long kSmb2 = 0xFE534D42;
constexpr unsigned long kLustre = 0x0BD00BD0;

bool is_network_file_system(int folder) {
    struct statfs info = {};
    if (::fstatfs(folder, &info) != 0) return false;
    switch (static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFUL) {
        case NFS_SUPER_MAGIC:
        case SMB_SUPER_MAGIC:
        case AFS_SUPER_MAGIC:
        case CODA_SUPER_MAGIC:
        case kCifs:
        case kSmb2:
        case kLustre:
            return true;
        default:
            return false;
    }
}

Result<void> sync_folder(const std::filesystem::path& path) {
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) {
        return fail(
            ErrorCode::unavailable,
            "cannot sync the folder " + path.string() + ": " + describe_errno()
        );
    }
    return {};
}

// Creates what is missing of the path; a new name is on disk only once its parent is synced.
Result<void> create_folders(const std::filesystem::path& path) {
    std::vector<std::filesystem::path> missing;
    for (std::filesystem::path part = path; !part.empty(); part = part.parent_path()) {
        struct stat info = {};
        if (::stat(part.c_str(), &info) == 0) break;
        missing.push_back(part);
        if (part == part.parent_path()) break;
    }
    for (auto part = missing.rbegin(); part != missing.rend(); ++part) {
        if (::mkdir(part->c_str(), 0700) != 0 && errno != EEXIST) {
            return fail(
                ErrorCode::invalid_argument,
                "cannot create the folder " + part->string() + ": " + describe_errno()
            );
        }
        if (Result<void> synced = sync_folder(part->parent_path()); !synced) return synced;
    }
    return {};
}

const char* role_name(Role role) {
    switch (role) {
        case Role::serve:
            return "serve";
        case Role::mcp:
            return "mcp";
        case Role::command:
            break;
    }
    return "command";
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::path absolute =
        std::filesystem::absolute(path, error).lexically_normal();
    std::filesystem::path clean =
        absolute.has_filename() ? absolute : absolute.parent_path();  // A slash at the end.
    if (Result<void> created = create_folders(clean); !created) {
        return tl::unexpected(created.error());
    }
    Descriptor folder(::open(clean.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) {
        return fail(
            ErrorCode::invalid_argument,
            "cannot open the folder " + clean.string() + ": " + describe_errno()
        );
    }
    struct stat info = {};
    if (::fstat(folder.get(), &info) != 0 || info.st_uid != ::geteuid()) {
        return fail(
            ErrorCode::invalid_argument,
            "the folder " + clean.string() +
                " belongs to another user; choose one of your own (DATA_DIR)"
        );
    }
    if (is_network_file_system(folder.get())) {
        return fail(
            ErrorCode::invalid_argument,
            "the folder " + clean.string() +
                " is on a network file system, where locks cannot be trusted; choose a local one "
                "(DATA_DIR)"
        );
    }
    // Conversations are private: nobody else may look in, whoever made the folder.
    if ((info.st_mode & 0077) != 0 && ::fchmod(folder.get(), 0700) != 0) {
        return fail(
            ErrorCode::invalid_argument,
            "cannot make the folder " + clean.string() + " private: " + describe_errno()
        );
    }
    return DataFolder(std::move(clean), std::move(folder));
}

Result<std::optional<FolderLock>> DataFolder::lock_file(const char* name, Role role) const {
    Descriptor file(::openat(folder_.get(), name, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (file.get() < 0) {
        return fail(
            ErrorCode::unavailable,
            "cannot open " + (path_ / name).string() + ": " + describe_errno()
        );
    }
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::optional<FolderLock>();
        return fail(
            ErrorCode::unavailable,
            "cannot lock " + (path_ / name).string() + ": " + describe_errno()
        );
    }
    const std::string info =
        std::to_string(::getpid()) + " " + role_name(role) + " " + std::string(kVersion) + "\n";
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), info.data(), info.size(), 0) != static_cast<ssize_t>(info.size())) {
        return fail(
            ErrorCode::unavailable,
            "cannot write " + (path_ / name).string() + ": " + describe_errno()
        );
    }
    return std::optional<FolderLock>(FolderLock(std::move(file)));
}

Result<std::optional<FolderLock>> DataFolder::try_lock(Role role) const {
    if (role != Role::serve) {
        // A probe by shared lock: two commands may probe at once, and neither looks like a serve.
        Descriptor serve(::openat(folder_.get(), kServeLock, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (serve.get() >= 0 && ::flock(serve.get(), LOCK_SH | LOCK_NB) != 0) {
            return std::optional<FolderLock>();
        }
    }
    return lock_file(kOwnerLock, role);
}

Result<std::optional<FolderLock>> DataFolder::try_lock_for_serve() const {
    return lock_file(kServeLock, Role::serve);
}

std::optional<OwnerInfo> DataFolder::read_info(const char* name) const {
    Descriptor file(::openat(folder_.get(), name, O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return std::nullopt;
    std::array<char, 256> buffer{};
    const ssize_t size = ::pread(file.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) return std::nullopt;

    const std::string text(buffer.data(), static_cast<std::size_t>(size));
    const std::size_t first = text.find(' ');
    const std::size_t second = text.find(' ', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    OwnerInfo info;
    std::from_chars(text.data(), text.data() + first, info.pid);
    const std::string role = text.substr(first + 1, second - first - 1);
    info.role = role == "serve" ? Role::serve : role == "mcp" ? Role::mcp : Role::command;
    info.version = text.substr(second + 1, text.find('\n') - second - 1);
    return info;
}

std::optional<OwnerInfo> DataFolder::owner() const { return read_info(kOwnerLock); }
std::optional<OwnerInfo> DataFolder::server() const { return read_info(kServeLock); }

std::string DataFolder::socket_path() const {
    return "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + kSocket;
}

Result<Descriptor> DataFolder::listen() const {
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() < 0)
        return fail(ErrorCode::unavailable, "cannot make a socket: " + describe_errno());
    ::unlinkat(folder_.get(), kSocket, 0);

    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::string path = socket_path();
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    // The folder is 0700, so nobody else gets here between bind and chmod.
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::fchmodat(folder_.get(), kSocket, 0600, 0) != 0 ||
        ::listen(socket.get(), SOMAXCONN) != 0) {
        return fail(
            ErrorCode::unavailable,
            "cannot listen on " + (path_ / kSocket).string() + ": " + describe_errno()
        );
    }
    return socket;
}

}  // namespace rag::owner
