//! `_zstd`: compression and decompression in the format of Zstandard.
//!
//! The engine is libzstd, in C: no encoder in Rust has its levels, parameters and dictionaries and is as well tried. It is behind the feature
//! `zstd`; without it there is no such module. Threads of its own are left out: nobody would count what they take.
//!
//! A compressor is charged at the beginning of a frame with what its parameters make it take, a decompressor with what a frame's header
//! asks for.
//!
//! | file | what |
//! |---|---|
//! | `params.rs` | parameters: names, bounds, setting them, the memory they ask for |
//! | `dict.rs` | dictionaries: the type, making them |
//! | `compress.rs`, `decompress.rs` | the two types that do the work |

use ryokan_vm::native::*;

mod compress;
mod decompress;
mod dict;
mod params;

use compress::Compressor;
use decompress::Decompressor;
use dict::ZstdDict;

native_module! {
    /// What `compression.zstd` stands on.
    "_zstd" {
        consts {
            "zstd_version" = zstd_safe::version_string(); "zstd_version_number" = zstd_safe::version_number();
            "ZSTD_CLEVEL_DEFAULT" = zstd_safe::CLEVEL_DEFAULT; "ZSTD_DStreamOutSize" = zstd_safe::DCtx::out_size();
            "ZSTD_c_compressionLevel" = 100; "ZSTD_c_windowLog" = 101; "ZSTD_c_hashLog" = 102; "ZSTD_c_chainLog" = 103;
            "ZSTD_c_searchLog" = 104; "ZSTD_c_minMatch" = 105; "ZSTD_c_targetLength" = 106; "ZSTD_c_strategy" = 107;
            "ZSTD_c_enableLongDistanceMatching" = 160; "ZSTD_c_ldmHashLog" = 161; "ZSTD_c_ldmMinMatch" = 162;
            "ZSTD_c_ldmBucketSizeLog" = 163; "ZSTD_c_ldmHashRateLog" = 164; "ZSTD_c_contentSizeFlag" = 200;
            "ZSTD_c_checksumFlag" = 201; "ZSTD_c_dictIDFlag" = 202; "ZSTD_c_nbWorkers" = 400; "ZSTD_c_jobSize" = 401;
            "ZSTD_c_overlapLog" = 402; "ZSTD_d_windowLogMax" = 100;
            "ZSTD_fast" = 1; "ZSTD_dfast" = 2; "ZSTD_greedy" = 3; "ZSTD_lazy" = 4; "ZSTD_lazy2" = 5; "ZSTD_btlazy2" = 6;
            "ZSTD_btopt" = 7; "ZSTD_btultra" = 8; "ZSTD_btultra2" = 9;
        }
        types { ZstdDict, Compressor, Decompressor }
        classes { "ZstdError" = &ERROR; }
        fill = fill;
        functions {
            /// A dictionary of samples, which stand one behind the other: its bytes.
            train_dict(samples_bytes: Bytes, samples_sizes: Tuple, dict_size: i64, /) = dict::train;
            /// A dictionary of content and samples: its bytes.
            finalize_dict(
                custom_dict_bytes: Bytes, samples_bytes: Bytes, samples_sizes: Tuple, dict_size: i64, compression_level: i32, /
            ) = dict::finalize;
            /// The least and the greatest value of a parameter.
            get_param_bounds(parameter: i32, is_compress: bool) = params::bounds_of;
            /// How many bytes a frame has: the one at the beginning.
            get_frame_size(frame_buffer: Buffer);
            /// How many bytes a frame decompresses to, if it tells, and the number of its dictionary.
            get_frame_info(frame_buffer: Buffer);
            /// The classes of parameters that Python has.
            set_parameter_types(c_parameter_type: Value, d_parameter_type: Value);
        }
    }
}

native_exception! {
    /// Data, or a parameter, with which nothing can be done.
    static ERROR = "compression.zstd.ZstdError": "Exception";
}

native_state! {
    /// The classes whose members name parameters.
    struct State { compression: Maybe, decompression: Maybe }
}

fn fill(module: &Filler<'_>) -> Res<()> {
    for (name, mode) in [("CONTINUE", 0), ("FLUSH_BLOCK", 1), ("FLUSH_FRAME", 2)] {
        module.add_to_type::<Compressor>(name, Value::small(mode))?;
    }
    Ok(())
}

/// `ZstdError` about some work, with what the engine says.
#[cold]
fn error(cx: &Cx, work: &str, code: usize) -> Raised {
    cx.raise_of(&ERROR, format_args!("{work}: {}", zstd_safe::get_error_name(code)))
}

fn set_parameter_types(cx: &Cx, compression: Value, decompression: Value) -> Res<()> {
    for (name, class) in [("c_parameter_type", &compression), ("d_parameter_type", &decompression)] {
        if !cx.is_class(class) {
            let kind = cx.arg_name(class);
            let message = format_args!("set_parameter_types() argument '{name}' must be type, not {kind}");
            return Err(cx.type_error(message));
        }
    }
    let state = cx.state::<State>()?;
    state.compression.set(Some(compression));
    state.decompression.set(Some(decompression));
    Ok(())
}

fn get_frame_size(cx: &Cx, frame_buffer: Buffer) -> Res<usize> {
    cx.work_on_bytes(frame_buffer.len())?;
    frame_buffer.read(zstd_safe::find_frame_compressed_size).map_err(|code| {
        let message = zstd_safe::get_error_name(code);
        cx.raise_of(
            &ERROR,
            format_args!(
                "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument starts from the \
                 beginning of a frame, and its length is not less than this complete frame. Zstd error message: {message}."
            ),
        )
    })
}

fn get_frame_info(cx: &Cx, frame_buffer: Buffer) -> Res<(Option<u64>, u32)> {
    let size = frame_buffer.read(zstd_safe::get_frame_content_size).map_err(|_| {
        cx.raise_of(
            &ERROR,
            "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer argument starts from the \
             beginning of a frame, and its length is not less than the frame header (6~18 bytes).",
        )
    })?;
    let dict = frame_buffer.read(zstd_safe::get_dict_id_from_frame);
    Ok((size, dict.map_or(0, std::num::NonZero::get)))
}
