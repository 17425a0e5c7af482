"""Level 0, verbs that move or turn the body, in their plain form: the rules derive those in "-ing"."""

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
}
