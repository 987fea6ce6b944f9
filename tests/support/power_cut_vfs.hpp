#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace rag::test {

/// What is on the disk, after the power cut, of the writes that were not synced.
enum class Survives : std::uint8_t {
    nothing,
    some,  // Any of them, in any order, some torn at a sector's end.
    all
};

/// A VFS of SQLite over the default one that knows which bytes the disk would still have if the
/// power went. `kill -9` never shows a missing fsync, for the kernel keeps what was written; this
/// does. It keeps whole files in memory: for small stores. Thread-safe.
///
/// Not modelled: a folder that was not synced after a file was made in it (tests of prepare_files
/// look at that), and disks that lie about a sync.
class PowerCutVfs {
public:
    /// Registers itself under `name`. `seed`: of all that is random.
    PowerCutVfs(std::string name, std::uint64_t seed);
    /// Every connection that uses it must be closed.
    ~PowerCutVfs();
    PowerCutVfs(const PowerCutVfs&) = delete;
    PowerCutVfs& operator=(const PowerCutVfs&) = delete;

    const std::string& name() const;

    /// Writes, truncations, syncs and deletes so far.
    std::int64_t operations() const;
    std::int64_t syncs() const;

    /// The power goes when so many further operations are done: from then on every call fails.
    void cut_after(std::int64_t operations);
    void cut_now() { cut_after(0); }
    bool is_cut() const;

    /// From now on every sync fails, and leaves open what is on the disk; or no longer.
    void fail_syncs(bool failing);
    /// From now on there is no space for a byte more; or there is again.
    void fill_disk(bool full);

    /// Puts the files into the state in which the power cut left the disk, and the power back on.
    /// Every connection must be closed (closing one after the cut changes nothing any more).
    void restore(Survives what);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace rag::test
