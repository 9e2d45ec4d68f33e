@echo off
rem Called by idiolect.cmd and test.cmd with the extras: makes and keeps the virtual environment.
rem Sets VENV and MODELS for the caller.
set "VENV=%ROOT%.venv"
if defined IDIOLECT_MODELS (
    set "MODELS=%IDIOLECT_MODELS%"
) else if defined IDIOLECT_HOME (
    set "MODELS=%IDIOLECT_HOME%\cache\models"
) else (
    set "MODELS=%LOCALAPPDATA%\idiolect\Cache\models"
)
set "WANTED=%TEMP%\idiolect-wanted-%RANDOM%.txt"
copy /b "%ROOT%pyproject.toml"+"%ROOT%constraints.txt" "%WANTED%" >nul
echo %~dp0 %~1>>"%WANTED%"
fc /b "%WANTED%" "%VENV%\.idiolect-installed" >nul 2>&1
if not errorlevel 1 (
    del "%WANTED%"
    exit /b 0
)
if exist "%VENV%\Scripts\python.exe" goto install
set "PYTHON="
for %%P in ("py -3.13" "py -3.12" "py -3.11" "py -3" "python") do (
    if not defined PYTHON (
        %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set "PYTHON=%%~P"
    )
)
if not defined PYTHON (
    echo Idiolect needs Python 3.11 or newer: install it from https://www.python.org and run this again.
    exit /b 1
)
%PYTHON% -m venv "%VENV%" || exit /b 1
:install
echo Setting up Idiolect (%~1): this is done once and takes a few minutes.
"%VENV%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-input --constraint "%ROOT%constraints.txt" --editable "%ROOT%.[%~1]"
if errorlevel 1 (
    echo The Python packages could not be installed: check the connection and the message above, then run this again.
    exit /b 1
)
move /y "%WANTED%" "%VENV%\.idiolect-installed" >nul
exit /b 0
