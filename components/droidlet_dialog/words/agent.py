"""Level 0, whole questions about the agent: what it can do, does, did, and why."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "capability": each(
        """
            what can you do, what do you do, help, help me, what are you able to do, what are your capabilities,
            how can you help, how can you help me, what can i ask you, what can i say, what can i tell you, what
            do you know, what are you capable of, what commands do you know, what do you understand, how do you
            work, what are your abilities, what else can you do, usage, what things can you recognise, what
            things can you recognize, what objects do you know, what can you recognise, commands, what can you
            recognize, what things do you know, which objects do you know, which things do you know, i need
            help, menu, tell me what you can do, show me what you can do, what you can do, list your commands,
            list your abilities, what can i do, what can you find, what objects can you find, what kind of
            things can you do, what are you good at, which commands do you know, how do i use you, what should i
            say, what sort of things can you do, what can you help with, what can you help me with, what may i
            ask, what can i ask, what can i ask you to do, what can i tell you to do, what skills do you have,
            your skills, what colours do you know, which colours do you know, what are your skills,
            instructions, what words do you know, options, what can you do for me, what could you do, can you
            help me, can you help, could you help me, can you do anything, manual, can you see, can you talk,
            can you count, can you hear, can you move, can you walk, can you drive, can you think, can you read,
            can you speak, can you understand me, can you find things, can you recognise things, can you
            recognize things, can you go to coordinates, can you find people, can you recognise people, can you
            answer questions, do you speak english, do you understand english, do you understand me, what can
            you see and do, what can i do with you, what can you tell me, what are the commands, which commands
            are there, what are my options, how do i control you, how do i talk to you, can you explore, can you
            remember things
        """
    ),
    "about": by_meaning(
        {
            "doing": """
                your status, what is your state, your task, your state, what are you doing, what are you up to, what
                you are doing, what is going on, what is happening, what are you busy with, what is your task, what
                is your current task, what are you working on, what is your job, what is your goal, status, report,
                what is the matter, what is your status, what is your plan, what is the plan, what are you trying to
                do, what is up now, are you doing anything, are you doing something, what do you want to do, what is
                your mission, what are your tasks, how is it coming along, any progress, how far have you got, what
                are you looking for, what are you searching for, progress, what are you doing right now, what were
                you doing, who are you following, what are you following, what is your target, what am i waiting
                for, what are you waiting for, which task are you on, current task, what you are up to, status
                report, what is your current job, what is your current goal, what is your current mission, what is
                your present task, what are you currently doing, what are you on, what you doing, what you up to,
                what is your status now, what is your job right now, what is keeping you busy, where are we at
            """,
            "why": """
                why, why are you doing that, why are you doing this, why did you do that, why that, why are
                you moving, why are you going there, why did you stop, why have you stopped, why are you
                stopping, why are you turning, why are you here, how come, why not, why are you not moving,
                why do you do that, why are you doing it, why are you standing there, why are you there, why
                did you go there, why did you fail, what went wrong, what happened, what is wrong, what is
                the problem, why did it fail, why can you not
            """,
            "done": """
                what did you do, what have you done, what have you been doing, what was your last task, what did you
                just do, what did you do last, what did you do before, what have you done so far, what did you do
                before that, what tasks have you done, what did you do so far, what have you just done, what did you
                finish, what have you finished, what have you achieved, what was the last thing you did, what did
                you do just now, what did you do today, what have you done today, what have you been up to, what did
                you do lately
            """,
            "next": """
                what is next, what will you do next, what are you going to do, what are you going to do next, what
                will you do, what comes next, what do you do next, what is left to do, what remains to be done, what
                else do you have to do, what will you do after that, what next, what now, and next, what then, and
                then what, what is after that, what will be next, what comes after that, what are your plans, what
                are your next steps
            """,
            "busy": """
                are you done, are you finished, are you ready, are you busy, have you finished, did you finish, is
                it done, are you there, have you arrived, are you there yet, did you arrive, did you find it, have
                you found it, have you found anything, are you free, are you moving, are you stuck, are you still
                going, are you working, are you idle, have you stopped, did you make it, are you finished yet, did
                you do it, are you done yet, have you done it, are you paused, are you waiting, are we there yet,
                did you get there, are you still looking, are you still searching, are you exploring, are you
                following me, are you on it, are you nearly there, are you almost there, are you almost done, when
                will you be there, when will you be done, when do you arrive, are you lost, are you stuck now, are
                you nearly done
            """,
            "goal": """
                where are you going, where are you heading, where are you headed, where will you go, where
                are you off to, where do you go, where are you walking, where are you driving, what are you
                going to, where do you want to go, where you are going, where to, where are you walking to,
                where are you driving to, where are you moving, where are you moving to, where are you
                heading to, where are you going to, where are you now going, what is your destination, where
                is your goal, which way are you going
            """,
            "self": """
                where are you, what is your location, what is your position, where you are, your location, your
                position, where are you now, which room are you in, what room are you in, where exactly are you,
                what are your coordinates, your coordinates, where r you, what is your pose, tell me your position,
                tell me your location, give me your position, where in the room are you, where do you stand, tell me
                where you are, where are you standing, where are you located, where you are standing, your
                whereabouts, where are you at, which way are you facing, which direction are you facing, what
                direction are you facing, what is your heading, where are you looking, what are you facing, which
                way are you looking, where do you look, what is your orientation, which direction are you looking,
                which direction do you face, where are you facing, which way do you look, which way do you face,
                what direction are you looking in, which direction are you looking in, what way are you facing, in
                which direction are you looking, in which direction are you facing, which direction are you
                pointing, which way are you pointing, what is your current position, what is your current location,
                do you know where you are
            """,
            "speaker": """
                where am i, where do i stand, where i am, what is my location, what is my position, do you
                know where i am, where am i now, can you tell me where i am, where am i standing, do you see
                where i am, tell me where i am, how far am i, how far away am i
            """,
            "name": """
                who are you, what are you, what is your name, what you are, who you are, your name, tell me about
                yourself, introduce yourself, are you a robot, what kind of robot are you, what should i call you,
                do you have a name, are you human, what are you called, are you real, are you alive, who made you,
                who built you, are you a person, are you intelligent, are you an ai, who is this, tell me who you
                are, tell me your name, what do i call you, have you got a name, what kind of thing are you
            """,
            "said": """
                what did you say, say that again, repeat that, say again, pardon, pardon me, sorry what, come again,
                what was that, repeat, what do you mean, what did you tell me, what did you just say, repeat it, say
                it again, what did you answer, i beg your pardon, repeat your answer, repeat yourself, what does
                that mean, repeat the last message, what were you saying, sorry what did you say, excuse me what,
                what was that again, say what, huh
            """,
            "heard": """
                what did i say, what did i tell you, what did i ask, what did i just say, what did i ask
                you, what was my command, what did i ask you to do, what did i tell you to do, what was my
                last command, do you remember what i said, what have i said
            """,
            "well": """
                how are you feeling, are you ok, are you okay, are you all right, are you alright, is
                everything ok, is everything all right
            """,
        }
    ),
}
