"""Level 0, verbs and whole questions about the agent. Verbs are given in their plain form; "-ing" forms are
derived.
"""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "go": each(
        """
            go, walk, move, head, drive, navigate, roll, run, travel, proceed, come, step, make your way,
            get, return, hurry, advance, march, go on, go over, go up, go down, go back, walk back, drive
            back, move back, head back, come back, get back, move over, head over, walk over, come over,
            drive over, run over, go right, go along, move along, journey, find your way, position yourself,
            place yourself, park, park yourself, move yourself, go ahead, bring yourself, stand, wander,
            wander over, go straight, drive straight, move closer, come closer, go closer, get closer, go
            near, hop, hop over, ride, rush, zoom, race, scoot, scurry, sneak, crawl, slide, stroll, trot,
            dash, got, steer, glide, cruise, be off, make a move, take a walk, continue, sit down, sit, go
            directly, station yourself, went, turn back, relocate, locate yourself, transport yourself, step
            over, stroll over, run along, walk up, walk along, move up, drive up, come up, run up, step up,
            pop over, push on, take yourself, get yourself, carry yourself, jog
        """
    ),
    "reach": each(
        """
            approach, reach, visit, go see, go and see, go meet, meet, go visit, come near, get near, head for,
            make for, go for, near, get close to, come close to, go close to, move close to, go check on, check
            on, drop by, find your way to, aim for, move near, walk near, go next, arrive at, go touch, touch,
            check out, go check out, go check, inspect, examine, go inspect, go look at, go and look at, go to
            look at, go to see, go take a look at, go have a look at, be at, i need you at, i want you at, i
            would like you at, check, look in on, swing by, stop by, pass by, call at, pay a visit to, take
            yourself to
        """
    ),
    "step": by_meaning(
        {
            "BACK": """
                back up, reverse, back off, step back, back away, fall back, go in reverse, backtrack, back,
                retreat, drive backwards, move back, go backwards, go backward, move backward, move
                backwards, walk backwards, step backwards, draw back
            """,
            "FRONT": """
                advance, go forth, move on, go forward, move forward, move ahead, go ahead, step forward,
                move forwards, drive on, drive forward, walk forward, move straight, go straight, come
                forward, come forwards, walk straight, drive straight
            """,
            "LEFT": "sidestep left, strafe left, step left, sidle left, shift left, slide left",
            "RIGHT": "sidestep right, strafe right, step right, sidle right, shift right, slide right",
            "": """
                move, go, walk, drive, step, strafe, shift, slide, roll, scoot, travel, sidestep, run,
                proceed, head, inch, get, continue, steer, ride, hop, jump, fly, crawl, march, nudge
            """,
        }
    ),
    "seek": each(
        """
            show me the way to, i am looking for, i need, i lost, i have lost, i can not find, i want to
            find, i want, i would like, i want to see, i am searching for, i would like to see, i would like
            to find, where did i put, i miss, who has, find, look for, search for, locate, seek, hunt for,
            track down, spot, hunt down, discover, seek out, search out, scout, go find, go look for, go
            search for, go and find, go and look for, go and search for, find me, fetch me sight of, detect,
            show me, help me find, help me look for, keep looking for, hunt, look out for, keep an eye out
            for, watch out for, identify, try to find, see if you can find, go hunt for, go locate, where
            can i find, look around for, search around for, spy, search the room for, search the house for,
            scan for, scout for, scan the room for, explore to find, look to find, pinpoint, help me to
            find, find out, dig up, come across, go seek, get me to, point me to, point out, point out to
            me, single out, search everywhere for, look everywhere for, go looking for, go searching for,
            forage for, check for, can you spot, pick out, take me to, bring me to, lead me to, guide me to,
            walk me to
        """
    ),
    "turn": by_meaning(
        {
            "turn": """
                turn, rotate, pivot, swivel, twist, yaw, turn yourself, rotate yourself, turn your body,
                swing, veer, rotate your body, turn your head, orient yourself, orient, reorient
            """,
            "half": """
                turn around, turn about, rotate around, turn round, swing around, swing round, rotate round,
                pivot around, change direction, whirl around, turn back, face about, swivel around
            """,
            "full": """
                spin, spin around, spin yourself, spin round, whirl, twirl, revolve, circle, twirl around,
                pirouette, spin in place, spin on the spot, turn all around, turn all the way around, turn
                all the way round, turn in a circle, turn in circles, spin in a circle, rotate all the way
                around, turn once around
            """,
            "needs": """
                make a, do a, take a, perform a, give me a, make, do, take, do an, make an, bear, look,
                face, hang a, make one, do one, take another, make another, do another
            """,
        }
    ),
    "face": each(
        """
            face, look at, look towards, look toward, turn to, turn to face, point at, turn towards, turn
            toward, face towards, watch, face toward, point towards, point toward, rotate to face, rotate
            towards, rotate toward, turn and face, turn and look at, turn at, look to, look back at, gaze at,
            stare at, orient yourself towards, orient towards, point yourself at, aim at, observe, rotate to,
            have a look at, take a look at, look over at, turn around to face, turn round to face, turn around
            and face, pay attention to, turn to look at, turn around to look at, look in the direction of, turn
            in the direction of, face in the direction of, view, turn to look towards, swivel to, swivel
            towards, pivot towards, pivot to, pivot to face, look into, spin to face, turn your head to, swivel
            to face, swing to face, swing towards, orient to, turn your head towards, turn your camera to, look,
            point, point to, eye, turn back to, turn back towards, direct your camera at, point your camera at,
            focus on, concentrate on, glance at, turn on to, keep an eye on, keep your eyes on
        """
    ),
    "scan": by_meaning(
        {
            "HERE": """
                look around, have a look around, take a look around, have a look, take a look, look about,
                scan the room, scan, look round, scan around, look around you, look around the room, survey
                the room, survey, observe the room, look all around, have a look round, scan the area, scan
                your surroundings, check your surroundings, inspect the room, check the room, check around,
                survey the area, see what is around, see what is there, look where you are, look around
                here, take a look round, have a good look around, peek, look in all directions, look in
                every direction, observe your surroundings, look around yourself, peek around, glance
                around, scan the environment, scan surroundings, scan the surroundings, scan the place, take
                in your surroundings, check out the room
            """,
            "EVERYWHERE": """
                explore, explore the room, explore the house, explore everything, wander around, wander, patrol,
                look everywhere, roam, search everywhere, search the room, search the house, map the room, map the
                house, walk around, drive around, go around, explore the flat, explore the place, explore the area,
                explore around, go explore, go exploring, move around, discover, roam around, explore your
                surroundings, explore the environment, discover the room, discover the house, scout, tour the house,
                see everything, look at everything, go everywhere, explore the apartment, explore the rooms, explore
                all rooms, map everything, explore all the rooms, explore the whole house, explore everywhere,
                explore the world, take a tour, go for a walk, visit every room, explore the whole room, map the
                place, map the area, make a map, build a map, scout around, scout the area, run around, explore a
                bit, explore a little, explore the surroundings, have a walk around, take a walk around, look at
                every room, explore the rest, explore the other rooms, go and explore, look into every room, check
                all rooms, check every room, search all rooms, search every room, investigate, go on a tour, wander
                about, roam about, stroll around, have a wander, have a stroll, take a stroll, look into the other
                rooms, check the other rooms, check out the other rooms, explore the other room, go to another room,
                go into another room, enter the next room, go to the next room, go into the next room, search the
                flat, search the apartment, search the place, search the whole house, search the whole flat, search,
                look through the flat, look through the house, look through the rooms, survey the house, survey the
                flat, go and look around the flat, look around the flat, look around the house, tour the flat, check
                the house, check the flat, scout the house, go have a look around the house, see the rest of the
                house, see the rest of the flat, visit all rooms, go through the rooms, go to the other rooms, go to
                the other room, go into the other room, visit the other rooms
            """,
        }
    ),
    "follow": each(
        """
            follow, chase, track, accompany, stay with, stay close to, trail, go after, come with, come
            along with, walk with, pursue, stick with, stick to, keep close to, keep up with, tail, go with,
            shadow, run after, escort, keep following, stay near, stay by, tag along with, walk behind, stay
            behind, walk after, move with, move along with, catch up with, come after, remain with, remain
            near
        """
    ),
    "come": by_meaning(
        {
            "TO": """
                come here, come to me, come over, come over here, come back, come back to me, come closer, closer, a
                bit closer, come a bit closer, come a little closer, get closer, move closer, come along, return to
                me, come near, over here, here, come to where i am, get over here, get here, go to me, approach me,
                move to me, walk to me, come on over, come, move here, go here, walk here, drive here, head here,
                return here, come back here, return, back to me, to me, come right here, bring yourself here, get
                yourself over here, come round, come around, come on, join me, meet me, find me, drive to me, run to
                me, come up to me, come close, come close to me, come by, come this way, this way, navigate to me,
                come on here, run here, step here, get back here, head over here, walk over here, move over here,
                drive over here, head to me, head back to me, roll over here, come home to me, come towards me, go
                towards me, come nearer, come a bit nearer, nearer, come to my side, get yourself here, come here
                boy, come here robot, come to my place, go where i am, come where i am, walk up to me, come stand by
                me, come over to me, get over to me, come right over, come back over here, come back to my side
            """,
            "AWAY": """
                go away, leave, leave me, leave me alone, get out, get away, move away, get lost, go somewhere else,
                get out of the way, get out of my way, move out of the way, move out of my way, step away, step
                aside, move aside, get away from me, go away from me, move away from me, keep away, stay away, keep
                away from me, stay away from me, back away from me, make way, make room, get out of here, keep your
                distance, run away, drive away, walk away
            """,
        }
    ),
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
