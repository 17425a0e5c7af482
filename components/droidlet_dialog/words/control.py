"""Level 0, verbs that steer what is being done: stop, go on, again, do not."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "stop": by_meaning(
        {
            "pause": """
                stop, halt, wait, freeze, that will do, pause, hold on, hold, stand still, stay, stay here, stay
                there, stay where you are, stop it, stop that, stop there, stop here, stop now, do not move, wait
                here, wait there, hold it, hold still, enough, whoa, woah, that is enough, stop moving, stop going,
                stop turning, stop walking, stop everything, stop at once, wait a minute, stoop, wait a moment, wait
                a second, wait a sec, wait for me, hang on, one moment, just a moment, one second, just a second,
                still, do not go on, stop what you are doing, interrupt, suspend, rest, take a break, have a break,
                take a rest, park there, stop following, stop following me, stop exploring, stop looking, stop
                searching, stop driving, do not continue, halt there, brake, cease, desist, emergency stop, e stop,
                estop, do nothing, do not do anything, stand by, standby, no more, red light, remain where you are,
                remain there, remain here, keep still, stop your task, stop this, pause it, pause that, pause your
                task, pause the task, stop the task, stop working, be still, do not, hold your horses, come to a
                halt, come to a stop, stop for now, wait a bit, wait a while, wait for a bit, wait for a while, wait
                a little, wait for a little while, wait there a moment, hold on a second, hold on a moment, hold on
                a minute, hang on a second, hang on a minute, stay put, do not go anywhere, just stay, hold it right
                there, stop right there, stop right now, freeze right there, wait a tick, stay right there, stop
                please, do not move a muscle
            """,
            "drop": """
                cancel, never mind, forget, forget about, do not bother, no need, no need to, reset, forget it,
                forget that, forget about it, forget about that, forget everything, abort, quit, give up, cancel
                that, cancel it, cancel everything, cancel the task, cancel all, cancel all tasks, drop it, drop
                everything, drop that, scratch that, leave it, leave that, abort mission, abort the mission, cancel
                your task, stop for good, forget the task, undo that, never mind that, forget all about it,
                disregard, disregard that, ignore that, no longer, call it off, cancel this, abandon, abort it,
                abort that, abort the task, drop the task, cancel the command, cancel command, skip it, skip that,
                skip this, stand down, forget what i said, ignore what i said, clear all tasks, cancel your tasks,
                forget your tasks, let it be, clear your tasks, cancel the mission, cancel my command, cancel my
                last command, cancel the last command, cancel your mission, forget all tasks, no forget it, no never
                mind, do not bother with it, leave it be, drop the idea, i changed my mind, i have changed my mind,
                on second thought, on second thoughts
            """,
        }
    ),
    "resume": each(
        """
            start over, continue, resume, go on, carry on, keep going, proceed, go ahead, keep on, unpause,
            keep moving, keep walking, keep driving, go on with it, go on with that, carry on with it,
            continue with it, continue that, resume that, continue what you were doing, carry on with what
            you were doing, go on with what you were doing, resume what you were doing, continue your task,
            press on, resume your task, continue with your task, go on with your task, carry on with your
            task, resume the task, continue the task, do continue, get going, get moving, move on, back to
            work, go back to work, go back to what you were doing, keep it up, get back to work, pick up
            where you left off, continue working, resume working, keep working, continue moving, keep
            looking, continue it, resume it, restart, start again, you can go on, you may continue, keep
            searching, keep exploring, push on, green light, resume your work, continue your work, continue
            with that, continue on, continue walking, resume moving, resume everything, keep at it, continue
            where you left off, resume where you left off, carry on working, do go on, continue going,
            unfreeze, continue exploring
        """
    ),
    "repeat": each(
        """
            again, do it again, do that again, do this again, once more, do it once more, do that once more, one
            more time, do it one more time, do that one more time, and again, same again, do the same again, do
            the same thing again, do the same, do the same thing, another time, try again, try it again, and
            once more, do so again, repeat your last task, repeat the last task, repeat the last command, repeat
            my last command, repeat the task, repeat the action, repeat the last action, redo, redo it, redo
            that, repeat what you did, repeat the move, try once more, more, some more, a bit more, a little
            more, further, a bit further, a little further, even further, even more, go again, once again, yet
            again, do another one
        """
    ),
    "say": each(
        """
            say, repeat, repeat after me, speak, utter, shout, whisper, announce, tell me that, call out,
            say out loud, pronounce
        """
    ),
    "forbid": each(
        """
            do not, never, do not you dare, do not ever, you must not, you should not, you shall not, you
            may not, avoid, refrain from
        """
    ),
}
