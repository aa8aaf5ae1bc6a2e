"""The keys of EvalScope's task configuration, and what becomes of those that are not taken.

Names and meanings are facts of EvalScope 1.14.1 (`evalscope/config.py`, `api/benchmark/meta.py`,
`api/model/generate_config.py`) and of its older generations, back to 0.5 (`stage`, `outputs`,
`mem_cache`, `template_type`, `infer_cfg`).
"""

from __future__ import annotations

from collections.abc import Mapping

TAKEN = (
    *("model", "api_url", "datasets", "dataset_args", "generation_config", "limit", "repeats"),
    *("eval_batch_size", "work_dir", "timeout", "stream", "eval_type", "eval_backend"),
    *("model_task", "api_key", "dataset_hub"),
)
_IN_PROCESS = "is for models that EvalScope loads itself; here a server does"
_JUDGE = "no model judges here: the rules of the scorer do"
_SANDBOX = "code runs in a sandbox of its own here, and only with --iqeval-allow-code"
_IMAGES = "is for models that make images"
IGNORED: Mapping[str, str] = {
    "model_id": "is a name for reports; here the model's own name is that",
    "model_args": _IN_PROCESS,
    "chat_template": "the server applies the model's own",
    "template_type": "the server applies the model's own",
    "eval_config": "is for other backends than Native",
    "dataset_dir": "is EvalScope's cache; --iqeval-data-dir says where local copies lie",
    "mem_cache": "EvalScope's own cache; --iqeval-cache keeps replies across runs",
    "use_cache": "--iqeval-resume goes on with a run, and `iqeval import` brings EvalScope's over",
    "rerun_review": "--iqeval-replay scores a stored run again",
    "stage": "a run asks and scores; --iqeval-replay scores a stored one",
    "outputs": "--iqeval-output says where runs are written",
    "no_timestamp": "each run has a folder of its own",
    "enable_progress_tracker": "the terminal shows the progress",
    "ignore_errors": "a question without a reply is an error; a gate allows some: errors <= 3",
    "debug": "-v shows every question; --iqeval-log FILE every attempt",
    "dry_run": "--co lists what would be asked, and sends nothing",
    "seed": "seeds EvalScope's own draws; `generation_config.seed` is sent to the server",
    "judge": _JUDGE,
    "judge_strategy": _JUDGE,
    "judge_model_args": _JUDGE,
    "judge_worker_num": _JUDGE,
    "analysis_report": "no model writes the report here",
    "collect_perf": "times and tokens are always measured",
    "sandbox": _SANDBOX,
    "use_sandbox": _SANDBOX,
    "sandbox_type": _SANDBOX,
    "sandbox_manager_config": _SANDBOX,
    "agent_config": "there are no agents here",
    "infer_cfg": "is of the oldest generation; its fields belong into generation_config",
    "evalscope_version": "says who wrote the file",
    "resolved_benchmarks": "EvalScope wrote it down for itself",
    "evaluation_identity": "EvalScope wrote it down for itself",
}
BODY = (
    *("top_p", "top_k", "seed", "frequency_penalty", "presence_penalty", "repetition_penalty"),
    *("logit_bias", "logprobs", "top_logprobs", "parallel_tool_calls", "reasoning_effort"),
)
"""Of generation_config: fields of the request body by the same name."""
TOKENS = ("max_tokens", "max_completion_tokens", "max_new_tokens")
"""Likewise: what bounds a reply; the first that is there counts."""
STOP = ("stop_seqs", "stop")
GENERATION_TAKEN = (
    *("temperature", *TOKENS, *BODY, *STOP, "n", "stream", "timeout", "retries", "extra_body"),
)
GENERATION_IGNORED: Mapping[str, str] = {
    "batch_size": "eval_batch_size says it",
    "retry_interval": "pauses grow by themselves; --iqeval-patience bounds them",
    "do_sample": _IN_PROCESS,
    "max_length": _IN_PROCESS,
    "num_beams": _IN_PROCESS,
    "extra_query": "write it behind the address: api_url?key=value",
    "extra_headers": "give each as --iqeval-header NAME=VAR (not repeated: it may be a secret)",
    "response_schema": "--iqeval-answer json asks with a schema of its own",
    "reasoning_tokens": "is no field of chat completions; put the server's own into extra_body",
    "reasoning_summary": "is no field of chat completions",
    "reasoning_history": "each question is asked in one turn",
    "anthropic_cache_control": "is of another wire format",
    "anthropic_cache_strategy": "is of another wire format",
    **dict.fromkeys(("height", "width", "num_inference_steps", "guidance_scale"), _IMAGES),
}
DATASET_TAKEN = ("subset_list", "few_shot_num", "system_prompt", "local_path", "limit")
_PROMPT = "a prompt is the definition's; a definition of your own can have this one (iqeval init)"
_METRIC = "the definition says what is measured"
_OF_THE_HUB = "the definition says where its data comes from"
DATASET_IGNORED: Mapping[str, str] = {
    "few_shot_random": "examples are those that come first in the file",
    "prompt_template": _PROMPT,
    "few_shot_prompt_template": _PROMPT,
    "query_template": _PROMPT,
    "choice_instructions": _PROMPT,
    "filters": "answers are read by rules, which pass over reasoning by themselves",
    "metric_list": _METRIC,
    "primary_metric": _METRIC,
    "aggregation": _METRIC,
    "shuffle": "questions are asked in file order; `sample:` of a suite draws some",
    "shuffle_choices": "the definition says whether options are shuffled",
    "train_split": "the definition says where examples come from",
    "eval_split": "the definition says which file is asked",
    "default_subset": "the definition names its subsets",
    "extra_params": "EvalScope's own code reads them",
    "review_timeout": "reading an answer takes no time that matters",
    "sandbox_config": _SANDBOX,
    "max_image_bytes": "questions are text here",
    "output_types": "questions are asked as chat",
    **dict.fromkeys(
        ("dataset_id", "dataset_revision", "hf_dataset_id", "hf_dataset_revision"), _OF_THE_HUB
    ),
    "force_redownload": _OF_THE_HUB,
    **dict.fromkeys(
        ("name", "pretty_name", "description", "tags", "paper_url"), "is for EvalScope's reports"
    ),
    **dict.fromkeys(("data_statistics", "sample_example"), "is for EvalScope's reports"),
    **dict.fromkeys(
        ("data_adapter", "evaluation_version", "supports_choice"), "is of EvalScope's own code"
    ),
    **dict.fromkeys(
        ("few_shot_mode", "allowed_few_shot_nums"), "few_shot_num says how many examples there are"
    ),
}
CUSTOM_FILES: Mapping[str, tuple[str, ...]] = {
    "general_mcq": ("{subset}_val.csv", "{subset}_val.jsonl", "{subset}.csv", "{subset}.jsonl"),
    "general_qa": ("{subset}.jsonl", "{subset}.csv"),
}
"""Sets of a user's own, and the file that a subset has in the folder `local_path`."""
WHOLE = ("default", "main", "multiple_choice", "openai_humaneval", "all")
"""Subsets that EvalScope names where a benchmark is not divided."""
